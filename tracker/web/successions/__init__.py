"""Renames, merges and divides organisations of the State, and takes that back."""
