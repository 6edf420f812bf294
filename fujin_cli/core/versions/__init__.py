"""Compare two versions of the configuration and move open cases from one to the other."""
