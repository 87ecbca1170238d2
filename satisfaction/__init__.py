"""What we may claim: findings drawn from answers and cases, with their intervals."""
