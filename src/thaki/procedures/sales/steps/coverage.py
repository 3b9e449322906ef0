"""Step module coverage: to be written by its owner."""
