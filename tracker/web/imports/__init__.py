"""Imports: a coordinator uploads a file of recommendations, looks at what it would change, and applies it."""
