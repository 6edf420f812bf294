"""Run community self-government as closed loops: procedures in YAML, cases in a ledger that loses nothing."""

__version__ = "0.1.0"
