"""Step module prepaid: to be written by its owner."""
