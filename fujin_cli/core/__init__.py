"""The functional core: no file, no terminal, no clock, no network, no randomness."""
