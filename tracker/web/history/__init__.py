"""Everybody reads the public deeds of the State, the coordinator all of them."""
