"""Step module refund: to be written by its owner."""
