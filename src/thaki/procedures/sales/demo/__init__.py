"""The demonstration's sales: 400 invented cases that really walked their way, with ninety days of history."""
