"""Files of evidence: rows and bytes, attached, removed and purged together."""
