"""Share indexes, explorations and wording between rules."""
