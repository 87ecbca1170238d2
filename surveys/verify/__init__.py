"""Scripts that go with the files of a draw: each is whole by itself, and imports nothing of ours."""
