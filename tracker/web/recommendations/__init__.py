"""The list of recommendations, its files, and one recommendation with its voices."""
