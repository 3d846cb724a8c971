"""Who runs this instance, what is loaded and what is not, sources and licence."""
