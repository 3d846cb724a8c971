"""Updates of the State: write, submit, validate, return, publish."""
