"""What is counted while the service works, by every process in one place."""
