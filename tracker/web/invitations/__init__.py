"""Links that open once: making, withdrawing and using them."""
