"""Step module recurring: to be written by its owner."""
