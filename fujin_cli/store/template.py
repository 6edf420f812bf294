"""The workspace that ``fujin init`` writes: a template of its own, and the procedures that Fujin ships."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def template_files() -> dict[str, bytes]:
    """Relative path → content. In a checkout the procedures lie beside the package, in a wheel inside it."""
    files = _below(PACKAGE / "template")
    if not any(path.startswith("workflows/procedures/") for path in files):
        shipped = PACKAGE.parent / "workflows" / "procedures"
        files |= {f"workflows/procedures/{path}": data for path, data in _below(shipped).items()}
    return dict(sorted(files.items()))


def _below(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
