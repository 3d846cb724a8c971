"""Who leads and supports what: one recommendation, a table, the suggested institutions, and what is missing."""
