"""Find the saved views of lists: the user's own, those of the workspace, and the built-in ones."""

from __future__ import annotations

import os
from pathlib import Path

from fujin_cli.core.listing.filters import BUILT_IN, InvalidView, SavedView, read_views
from fujin_cli.core.text.localized import say
from fujin_cli.use_cases.session import Session, WrongUsage


def list_views(session: Session) -> dict[str, tuple[SavedView, str]]:
    """List every view with where it stands; the user's own win over the workspace's, these over the built-in ones.

    Raises WrongUsage where the user's own file cannot be read.
    """
    path = own_views_file()
    built_in = {name: (view, "") for name, view in BUILT_IN.items()}
    declared = {name: (view, "workflows/workspace.yaml") for name, view in _read_declared_views(session).items()}
    return built_in | declared | {name: (view, str(path)) for name, view in _read_own_views(path).items()}


def own_views_file() -> Path:
    """Name the file of the user's own views: ``$XDG_CONFIG_HOME/fujin/views.yaml``, else below ``~/.config``."""
    configured = os.environ.get("XDG_CONFIG_HOME") or ""
    folder = Path(configured) if Path(configured).is_absolute() else Path("~/.config").expanduser()
    return folder / "fujin" / "views.yaml"


def _read_declared_views(session: Session) -> dict[str, SavedView]:
    try:
        return read_views(session.loaded.head.get("views") or {})
    except InvalidView:  # the check of the workspace's files has warned of it
        return {}


def _read_own_views(path: Path) -> dict[str, SavedView]:
    """Read the user's own views: a small YAML file of plain texts. Raises WrongUsage."""
    if not path.is_file():
        return {}
    from fujin_cli.store.yaml.limits import BYTES
    from fujin_cli.store.yaml.read import read_yaml

    try:
        with path.open("rb") as file:
            source = read_yaml(file.read(BYTES + 1), str(path))
    except OSError as problem:
        raise WrongUsage(
            say("{path} cannot be read: {reason}", path=str(path), reason=problem.strerror or str(problem))
        ) from None
    errors = [finding for finding in source.findings if finding.severity == "error"]
    if errors:
        raise WrongUsage(say("{path} cannot be read: {reason}", path=str(path), reason=errors[0].message))
    tree = source.tree.get("views") if isinstance(source.tree, dict) and "views" in source.tree else source.tree
    try:
        return read_views(tree or {})
    except InvalidView as problem:
        raise WrongUsage(say("{path} cannot be read: {reason}", path=str(path), reason=problem.message)) from None
