"""What this site protects and what not, and the quick exit."""
