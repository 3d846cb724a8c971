"""Links between recommendations of different reviews: suggestions, decisions, and what was asked again and again."""
