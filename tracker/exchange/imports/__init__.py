"""Reads files of recommendations as officials hold them: bytes in, rows and problems out. No table, no decision: what
becomes of a row is shown in a preview first (`services/imports`)."""
