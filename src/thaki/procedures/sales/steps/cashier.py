"""Step module cashier: to be written by its owner."""
