"""Administration without editing files: the pages of what the house works with, by the room that keeps each record."""
