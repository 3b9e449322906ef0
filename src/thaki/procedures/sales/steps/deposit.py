"""Step module deposit: to be written by its owner."""
