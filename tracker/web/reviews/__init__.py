"""The home page: what was recommended, what was done, who disagrees, what is due."""
