"""Step module follow_up: to be written by its owner."""
