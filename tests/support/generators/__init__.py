"""Generate random procedures, guarantees, graphs and files for tests, from seeds or with Hypothesis."""
