"""Select the files of a workspace that the command line names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fujin_cli.commands.common.console import Console
from fujin_cli.core.text.localized import say
from fujin_cli.use_cases.session import WrongUsage


def start_session_at(console: Console, paths: Sequence[Path]) -> None:
    """Look for the workspace at or above the first of ``paths`` unless --workspace is given."""
    if paths and not console.session.folder:
        console.session.folder = paths[0] if paths[0].is_dir() else paths[0].parent


def select_files(root: Path, paths: Sequence[Path]) -> list[str]:
    """List the YAML files below ``paths``, relative to the workspace; an empty list means all. Raises WrongUsage."""
    from fujin_cli.store.workspace.load import yaml_files

    selected: list[str] = []
    for path in paths:
        if not path.exists():
            raise WrongUsage(say("there is no file {path}", path=str(path)))
        full = path.resolve()
        if full in (root, root / "workflows"):
            return []
        if not full.is_relative_to(root):
            raise WrongUsage(say("{path} lies outside the workspace {root}", path=str(path), root=str(root)))
        name = full.relative_to(root).as_posix()
        selected += [name] if full.is_file() else [file for file in yaml_files(root) if file.startswith(f"{name}/")]
    if paths and not selected:
        raise WrongUsage(say("no YAML files at these paths"))
    return selected
