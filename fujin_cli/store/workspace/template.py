"""Read the templates of ``fujin init`` and ``NOUN new``; the full one has Fujin's procedures and their scenarios."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import fujin_cli

PACKAGE = Path(fujin_cli.__file__).resolve().parent
TEMPLATES = PACKAGE / "templates"
TemplateName = Literal["full", "minimal"]
TEMPLATE_NAMES: tuple[TemplateName, ...] = ("full", "minimal")
_COMMUNITIES = (b"XF01", b"C01")  # where the scenarios run in the city of Fujin, and in the template
TEMPLATE_IDS = {"full": "my-city", "minimal": "my-town"}  # the id of the place in each template


def template_files(name: TemplateName = "full", language: str = "zh") -> dict[str, bytes]:
    """Map paths to contents. Procedures and scenarios are beside the package in a checkout, inside it in a wheel."""
    if name == "minimal":
        return _read_files_below(TEMPLATES / name / language)
    files = _read_files_below(TEMPLATES / name)
    for folder in ("workflows/procedures", "workflows/scenarios/promises"):
        if not any(path.startswith(f"{folder}/") for path in files):
            files |= {
                f"{folder}/{path}": content for path, content in _read_files_below(PACKAGE.parent / folder).items()
            }
    return {path: _move_to_template(path, content) for path, content in sorted(files.items())}


def _move_to_template(path: str, content: bytes) -> bytes:
    """Let a scenario of the city of Fujin run in the one community of the template."""
    return content.replace(*_COMMUNITIES) if path.startswith("workflows/scenarios/") else content


def read_entry_template(name: str) -> str:
    """Read the file with which a new committee, roster … begins."""
    return (TEMPLATES / "new" / f"{name}.yaml").read_text("utf-8")


def sample_names(language: str) -> list[str]:
    """List the names of invented persons in a language; the same place in each list means the same person."""
    names: list[str] = json.loads((TEMPLATES / "sample_names.json").read_text("utf-8"))[language]
    return names


def _read_files_below(folder: Path) -> dict[str, bytes]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
