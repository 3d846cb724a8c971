"""The mid-term workbook, a file for each sheet."""
