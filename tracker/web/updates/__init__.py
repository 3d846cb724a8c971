"""The State speaks: write, submit, validate, return, publish."""
