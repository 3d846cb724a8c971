"""The mid-term workbook: one file for each sheet."""
