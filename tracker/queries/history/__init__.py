"""The history as its page shows it, and its filter."""
