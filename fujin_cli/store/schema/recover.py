"""Recover the valid parts of a file: remove invalid parts until its model accepts the rest, with findings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from fujin_cli.core.findings.finding import Finding, Fix, Place, Route
from fujin_cli.core.findings.fix import make_replacement
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.schema.finding import shape_finding
from fujin_cli.store.schema.pruning import Pruned, find_empty_routes, prune
from fujin_cli.store.schema.shapes.base import Shape
from fujin_cli.store.schema.shapes.problems import KIND, Report, describe_value
from fujin_cli.store.yaml.read import Source

ROUNDS = 16


def recover_valid_parts(source: Source, shape: type[Shape]) -> tuple[dict[str, Any] | None, set[Route], list[Finding]]:
    """Return the valid parts, the routes of the removed parts, and a finding for each mistake.

    Each error of the model becomes one finding. The invalid part is removed, and the rest is validated again.
    """
    findings = []
    removed = set(find_empty_routes(source.tree))
    help = say("write its value or delete it; put a text that has a comma in quotes")
    for route in sorted(removed, key=str):
        missing = say("{key} has no value", key=route[-1]) if isinstance(route[-1], str) else say("an item is empty")
        findings.append(shape_finding(source, "FJ005", route, missing, help))
    for turn in range(ROUNDS):
        pruned, report = prune(source.tree, removed), Report()
        errors = _list_errors(shape, pruned.tree, report)
        if turn == 0:
            findings += _make_findings(source, pruned, errors, report, removed)
        invalid_routes = _routes_to_remove(pruned, errors, report)
        if not invalid_routes:
            source.remaining_indices = pruned.remaining_indices
            return pruned.tree, removed, findings
        if () in invalid_routes:
            break
        removed |= invalid_routes
    return None, removed, findings


def _list_errors(shape: type[Shape], tree: Any, report: Report) -> list[Any]:
    try:
        shape.model_validate(tree, context=report)
    except ValidationError as invalid:
        return list(invalid.errors(include_url=False))
    return []


def _routes_to_remove(pruned: Pruned, errors: list[Any], report: Report) -> set[Route]:
    """Collect the routes of the invalid parts."""
    dropped = {(*pruned.routes[note.where], note.key) for note in report.notes if note.drop and note.key is not None}
    return dropped | {pruned.route_of(error["loc"]) for error in errors}


def _make_findings(
    source: Source, pruned: Pruned, errors: list[Any], report: Report, removed: set[Route]
) -> list[Finding]:
    """Make one finding for each mistake. A key that is empty or misspelt is not reported as missing too."""
    findings = []
    not_missing = set(removed)
    incomplete = {route[:-1] for route in removed}
    for note in report.notes:
        route = pruned.routes[note.where]
        if note.intended is not None:
            not_missing.add((*route, note.intended))
        if note.key is not None:
            route = (*route, note.key)
        if note.code != "FJ005" or route not in incomplete:
            finding = shape_finding(source, note.code, route, note.message, note.help, key=note.drop)
            findings.append(replace(finding, fix=_make_key_fix(finding.place, note.key, note.intended)))
    for error in errors:
        route = pruned.route_of(error["loc"])
        if error["type"] != "missing" or (*route, error["loc"][-1]) not in not_missing:
            finding = shape_finding(source, *_describe_error(error, route), key=error["loc"][-1] == "[key]")
            findings.append(replace(finding, fix=_make_value_fix(finding.place, error)))
    return findings


def _make_key_fix(place: Place, key: str | None, intended: str | None) -> Fix | None:
    """Make the fix of a misspelt key."""
    if key is None or intended is None:
        return None
    title = say("replace {name} by {other}", name=key, other=intended)
    return make_replacement(title, replace(place, span=None), key, intended)


def _make_value_fix(place: Place, error: Any) -> Fix | None:
    """Make the fix of a misspelt word of the language; it is safe if only the capitals are wrong."""
    message = error.get("ctx", {}).get("message")
    values = message.values if message is not None else {}
    if "meant" not in values:
        return None
    text, intended = values["text"], values["meant"]
    title = say("replace {name} by {other}", name=text, other=intended)
    return make_replacement(title, replace(place, span=None), text, intended, safe=text.lower() == intended)


def _describe_error(error: Any, route: Route) -> tuple[str, Route, LocalizedText, LocalizedText | None]:
    """Translate an error of pydantic to code, route, message and help of a finding."""
    context = error.get("ctx", {})
    if error["type"] == "missing":
        return "FJ005", route, say("{key} is missing", key=error["loc"][-1]), None
    if error["type"] == "too_short":
        return "FJ005", route, say("a value is missing"), None
    if error["type"] == KIND and "message" in context:
        return context["code"], route, context["message"], context["help"]
    expected_type = context.get("expected") if error["type"] == KIND else _native_type(error["type"])
    actual = describe_value(error["input"])
    return "FJ004", route, say("expected {expected}, found {found}", expected=expected_type, found=actual), None


def _native_type(kind: str) -> LocalizedText:
    if kind == "list_type":
        return say("a list")
    return say("names, each with its value")


def is_valid(shape: type[Shape], tree: dict[str, Any]) -> bool:
    """Tell whether a plain tree has the shape in every part."""
    report = Report()
    return not _list_errors(shape, tree, report) and not report.notes and not find_empty_routes(tree)
