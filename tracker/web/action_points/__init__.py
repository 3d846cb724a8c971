"""The action points of a recommendation, as the coordinator words, divides and orders them."""
