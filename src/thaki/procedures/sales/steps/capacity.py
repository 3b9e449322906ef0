"""Step module capacity: to be written by its owner."""
