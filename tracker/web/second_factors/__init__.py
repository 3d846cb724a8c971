"""The second factor of the own account: set up, recovery codes, remove."""
