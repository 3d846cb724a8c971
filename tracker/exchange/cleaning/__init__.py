"""Evidence files by format: what must not be handed out is refused, what tells of the author is taken out."""
