"""Organisations as whoever keeps them sees them: the list, one of them, admitting one."""
