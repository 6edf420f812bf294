"""Make findings about the shape of a part of a file, with their place."""

from __future__ import annotations

from fujin_cli.core.findings.finding import Finding, Place, Route
from fujin_cli.core.text.localized import LocalizedText
from fujin_cli.store.yaml.positions import span_of
from fujin_cli.store.yaml.read import Source


def shape_finding(
    source: Source,
    code: str,
    route: Route,
    message: LocalizedText,
    help: LocalizedText | None = None,
    key: bool = False,
) -> Finding:
    """Make an error at the part with this route, or at its key."""
    place = Place(source.path, route, key)
    return Finding(code, "error", message, Place(source.path, route, key, span_of(source, place)), help)
