"""What the coordinator does to recommendations and their action points by hand."""
