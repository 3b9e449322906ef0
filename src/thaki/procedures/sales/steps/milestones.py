"""Step module milestones: to be written by its owner."""
