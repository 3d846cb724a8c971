"""Files of recommendations: read, previewed, applied, undone."""
