"""Readers of files of recommendations."""
