"""Step module offer: to be written by its owner."""
