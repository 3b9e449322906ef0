"""The dashboards: for each role what it looks at in the morning, each figure one click from the list behind it."""
