"""Evidence: files are downloaded, never shown."""
