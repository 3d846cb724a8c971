"""Workbooks and JSON: written, read back and opened by an office program."""
