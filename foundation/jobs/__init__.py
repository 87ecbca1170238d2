"""Work behind the page: job rows, the schedule and the worker."""
