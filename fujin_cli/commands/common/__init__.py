"""Share options, help pages, argument parsing, the console, and error answers between commands."""
