"""Show replays, scenario results, and mutations."""
