"""Provide the workspace that ``fujin init`` writes: the template, Fujin's procedures, and scenarios of its promises."""

from __future__ import annotations

from pathlib import Path

import fujin_cli

PACKAGE = Path(fujin_cli.__file__).resolve().parent


def template_files() -> dict[str, bytes]:
    """Map paths to contents. Procedures and scenarios are beside the package in a checkout, inside it in a wheel."""
    files = _read_files_below(PACKAGE / "template")
    for folder in ("workflows/procedures", "workflows/scenarios/promises"):
        if not any(path.startswith(f"{folder}/") for path in files):
            files |= {
                f"{folder}/{path}": content for path, content in _read_files_below(PACKAGE.parent / folder).items()
            }
    return dict(sorted(files.items()))


def _read_files_below(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
