"""Every formula: pure functions on numpy and scipy that import nothing of ours."""
