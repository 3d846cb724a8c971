"""One person of an organisation: roles, rights, hand-over, end, new passphrase or second factor."""
