"""Asks a kind's model about a file until what is left of it is of valid shape, with a finding for each mistake."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from fujin_cli.core.findings.finding import Finding, Fix, Place, Route
from fujin_cli.core.findings.fix import replaced
from fujin_cli.core.text.message import LocalizedText, say
from fujin_cli.store.schema.finding import shape_finding
from fujin_cli.store.schema.pruning import Pruned, empty_places, prune
from fujin_cli.store.schema.shapes.base import Shape
from fujin_cli.store.schema.shapes.problems import KIND, Report, described
from fujin_cli.store.yaml.read import Source

ROUNDS = 16


def save(source: Source, shape: type[Shape]) -> tuple[dict[str, Any] | None, set[Route], list[Finding]]:
    """The parts of valid shape, the routes of the others, and a finding for each mistake.

    Each error of the model is one finding; the part at fault is left out, and the rest is asked again.
    """
    findings = []
    removed = set(empty_places(source.tree))
    help = say("write its value or delete it; put a text that has a comma in quotes")
    for route in sorted(removed, key=str):
        missing = say("{key} has no value", key=route[-1]) if isinstance(route[-1], str) else say("an item is empty")
        findings.append(shape_finding(source, "FJ005", route, missing, help))
    for turn in range(ROUNDS):
        pruned, report = prune(source.tree, removed), Report()
        errors = _errors(shape, pruned.tree, report)
        if turn == 0:
            findings += _findings(source, pruned, errors, report, removed)
        gone = _gone(pruned, errors, report)
        if not gone:
            source.kept = pruned.kept
            return pruned.tree, removed, findings
        if () in gone:
            break
        removed |= gone
    return None, removed, findings


def _errors(shape: type[Shape], tree: Any, report: Report) -> list[Any]:
    try:
        shape.model_validate(tree, context=report)
    except ValidationError as invalid:
        return list(invalid.errors(include_url=False))
    return []


def _gone(pruned: Pruned, errors: list[Any], report: Report) -> set[Route]:
    """The routes that have to be left out."""
    dropped = {(*pruned.routes[note.where], note.key) for note in report.notes if note.drop and note.key is not None}
    return dropped | {pruned.route_of(error["loc"]) for error in errors}


def _findings(source: Source, pruned: Pruned, errors: list[Any], report: Report, removed: set[Route]) -> list[Finding]:
    """One finding for each mistake. A key that is empty or misspelt is not missing as well."""
    findings = []
    meant = set(removed)
    incomplete = {route[:-1] for route in removed}
    for note in report.notes:
        route = pruned.routes[note.where]
        if note.meant is not None:
            meant.add((*route, note.meant))
        if note.key is not None:
            route = (*route, note.key)
        if note.code != "FJ005" or route not in incomplete:
            found = shape_finding(source, note.code, route, note.message, note.help, key=note.drop)
            findings.append(replace(found, fix=_renamed(found.place, note.key, note.meant)))
    for error in errors:
        route = pruned.route_of(error["loc"])
        if error["type"] != "missing" or (*route, error["loc"][-1]) not in meant:
            found = shape_finding(source, *_said(error, route), key=error["loc"][-1] == "[key]")
            findings.append(replace(found, fix=_respelled(found.place, error)))
    return findings


def _renamed(place: Place, key: str | None, meant: str | None) -> Fix | None:
    """The fix of a key that was probably meant for another one."""
    if key is None or meant is None:
        return None
    title = say("replace {name} by {other}", name=key, other=meant)
    return replaced(title, replace(place, span=None), key, meant)


def _respelled(place: Place, error: Any) -> Fix | None:
    """The fix of a word that was probably meant for one of the language; safe where only its capitals are wrong."""
    message = error.get("ctx", {}).get("message")
    values = message.values if message is not None else {}
    if "meant" not in values:
        return None
    text, meant = values["text"], values["meant"]
    title = say("replace {name} by {other}", name=text, other=meant)
    return replaced(title, replace(place, span=None), text, meant, safe=text.lower() == meant)


def _said(error: Any, route: Route) -> tuple[str, Route, LocalizedText, LocalizedText | None]:
    """Code, route, message and help of one of pydantic's errors."""
    context = error.get("ctx", {})
    if error["type"] == "missing":
        return "FJ005", route, say("{key} is missing", key=error["loc"][-1]), None
    if error["type"] == "too_short":
        return "FJ005", route, say("a value is missing"), None
    if error["type"] == KIND and "message" in context:
        return context["code"], route, context["message"], context["help"]
    expected = context.get("expected") if error["type"] == KIND else _native(error["type"])
    found = described(error["input"])
    return "FJ004", route, say("expected {expected}, found {found}", expected=expected, found=found), None


def _native(kind: str) -> LocalizedText:
    if kind == "list_type":
        return say("a list")
    return say("names, each with its value")


def is_valid(shape: type[Shape], tree: dict[str, Any]) -> bool:
    """Whether a plain tree is of the shape in every part."""
    report = Report()
    return not _errors(shape, tree, report) and not report.notes and not empty_places(tree)
