"""Verbs: one function is one thing that can happen. They check policy, change rows, never commit."""
