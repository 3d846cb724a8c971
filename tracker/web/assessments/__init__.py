"""Assessments of independent organisations: write, preview, publish, withdraw."""
