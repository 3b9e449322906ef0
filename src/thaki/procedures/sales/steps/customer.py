"""Step module customer: to be written by its owner."""
