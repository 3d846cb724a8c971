"""One person of an organisation: roles, rights, hand-over, an end, coming in again."""
