"""Step module order_entry: to be written by its owner."""
