"""Step module contract: to be written by its owner."""
