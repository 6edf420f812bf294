"""The workspace that ``fujin init`` writes: a template of its own, and Fujin's procedures and promises as scenarios."""

from __future__ import annotations

from pathlib import Path

import fujin_cli

PACKAGE = Path(fujin_cli.__file__).resolve().parent


def template_files() -> dict[str, bytes]:
    """Relative path → content. In a checkout procedures and scenarios lie beside the package, in a wheel inside it."""
    files = _below(PACKAGE / "template")
    for folder in ("workflows/procedures", "workflows/scenarios/promises"):
        if not any(path.startswith(f"{folder}/") for path in files):
            files |= {f"{folder}/{path}": data for path, data in _below(PACKAGE.parent / folder).items()}
    return dict(sorted(files.items()))


def _below(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
