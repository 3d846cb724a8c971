"""What this site protects and what not, and the way out of it."""
