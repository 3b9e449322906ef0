"""Step module prospect: to be written by its owner."""
