"""Reference data and the demonstration, applied from the files under `seed/`. No page imports this."""
