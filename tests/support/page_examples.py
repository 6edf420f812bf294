"""The examples of documentation pages: fenced as ``yaml fail PATH`` or ``yaml pass PATH``, over the tiny workspace.

An example whose first key is that of a kind is the whole file; any other is laid over the file key by key.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

FENCE = re.compile(r"^```yaml (fail|pass) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
KINDS = ("workspace", "jurisdiction", "menu", "committee", "roster", "procedure", "scenario")


@dataclass(frozen=True)
class Example:
    """One example: whether it fails, the file in ``workflows/`` it is about, and its text."""

    fails: bool
    path: str
    text: str


def examples(page: str) -> list[Example]:
    """Every example of a page."""
    return [Example(verb == "fail", path, text) for verb, path, text in FENCE.findall(page)]


def lay(example: Example, root: Path) -> None:
    """Put the example into the workspace at ``root``."""
    path = root / "workflows" / example.path
    path.parent.mkdir(exist_ok=True)
    text = example.text
    tree = _tree(text)
    whole = not isinstance(tree, Mapping) or not path.exists() or next(iter(tree), "") in KINDS
    if not whole:
        text = _dumped(_merged(_tree(path.read_text("utf-8")), tree))
    path.write_text(text, "utf-8")


@cache
def _tree(text: str) -> Any:
    """The tree, its scalars as texts; None for what cannot be read (an example of bad YAML is a whole file)."""
    try:
        return YAML(typ="base").load(text)
    except YAMLError:
        return None


def _merged(old: Any, new: Any) -> Any:
    if isinstance(old, Mapping) and isinstance(new, Mapping) and new:
        return {**old, **{key: _merged(old.get(key), value) for key, value in new.items()}}
    return new


def _dumped(tree: Any) -> str:
    yaml, stream = YAML(typ="safe"), io.BytesIO()
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False
    yaml.dump(tree, stream)
    return stream.getvalue().decode()
