"""What went wrong: complaints, appeals, their clocks, letters and register."""
