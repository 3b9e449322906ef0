"""Pages of people, teams, policies and one's own profile."""
