"""List the types of fields whose values are ids that the organisation declares, and where each list of ids is.

A field type of this sort is one row here and a name in ``values.TYPES``. See docs/how-to-extend/field-type.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fujin_cli.core.model.organisation import Organisation

REFERENCES: Mapping[str, Callable[[Organisation], Mapping[str, Any]]] = {
    "partner": lambda organisation: organisation.partners,
    "menu": lambda organisation: organisation.kinds,
    "topic": lambda organisation: organisation.topics,
    "committee": lambda organisation: organisation.committees,
    "venue": lambda organisation: organisation.venues,
}
"""Field type → the ids that it takes, each with what the files say of it."""
