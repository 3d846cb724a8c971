"""Organisations, for the people who manage them: the list, one of them, admitting one."""
