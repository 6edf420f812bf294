"""Talk to people: read arguments, call a use case, show the answer, set the exit code."""
