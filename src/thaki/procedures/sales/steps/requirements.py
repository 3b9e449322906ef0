"""Step module requirements: to be written by its owner."""
