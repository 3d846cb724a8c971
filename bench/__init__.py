"""Re-runnable measurements of what a request costs; never timed tests. Start with run.py."""
