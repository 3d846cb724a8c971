"""Reads, always on behalf of an actor: explicit loading, explicit order, paging in SQL."""
