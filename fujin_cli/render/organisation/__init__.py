"""Show communities, committees, rosters, and partners."""
