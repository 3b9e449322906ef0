"""The demonstration's retentions."""
