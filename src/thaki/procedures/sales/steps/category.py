"""Step module category: to be written by its owner."""
