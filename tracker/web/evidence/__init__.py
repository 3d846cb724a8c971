"""Evidence: files are handed out, never shown."""
