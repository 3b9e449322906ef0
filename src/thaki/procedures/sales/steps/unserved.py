"""Step module unserved: to be written by its owner."""
