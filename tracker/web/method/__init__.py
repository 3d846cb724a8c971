"""How levels and figures come about: a public page that every level and figure links to."""
