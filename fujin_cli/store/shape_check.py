"""Judges the shape of a file and saves of it what is of valid shape, so that one mistake hides no other.

The kind is the first key. The kind's model is asked; each of its errors is one finding; the part at fault is left out,
and the rest is asked again until it is valid. What was left out stays known by its route, so that references to it do
not dangle.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from fujin_cli.core.finding import Finding, Fix, Place, Route, Span
from fujin_cli.core.fix import replaced
from fujin_cli.core.message import Message, say
from fujin_cli.store.positions import span_of
from fujin_cli.store.pruning import Pruned, empty_places, prune
from fujin_cli.store.shapes.base import Shape, nearest
from fujin_cli.store.shapes.kinds import KINDS, LATER_KINDS
from fujin_cli.store.shapes.problems import KIND, Report, described
from fujin_cli.store.yaml_source import Source

ROUNDS = 16
MOST_FINDINGS = 1000


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file is and what of it can be used.

    ``kind`` and ``name`` are known even where the rest is broken (None where they are not). ``tree`` has only parts of
    valid shape, though a key that should be there may be missing; it is None where nothing can be used. ``pruned`` are
    the routes, in the file, of what was left out; ``broken`` says that something was, or that a key is missing, so
    that what the whole does cannot be judged.
    """

    kind: str | None
    name: str | None
    tree: dict[str, Any] | None
    findings: list[Finding] = field(default_factory=list)
    broken: bool = False
    pruned: frozenset[Route] = frozenset()


def check_shape(source: Source) -> Checked:
    """Judges the file in ``source``; sets ``source.kept``, by which positions find items of lists that lost some.

    The findings are those of the shape only; ``source.findings`` are the others.
    """
    if source.tree is None:
        return _unread(source)
    if not isinstance(source.tree, dict) or not source.tree:
        finding = _finding(source, "FJ008", (), say("a file is a mapping that begins with its kind"), _kinds())
        return Checked(None, None, None, [finding], broken=True)
    kind, findings = _kind(source, source.tree)
    if kind is None:
        return Checked(None, None, None, findings, broken=True)
    tree, removed, found = _save(source, KINDS[kind])
    refused = {finding.place.span for finding in source.findings}  # an alias that was not read leaves a gap: said once
    findings += [finding for finding in found if finding.code != "FJ005" or finding.place.span not in refused]
    name = kind if kind == "partners" else source.tree[kind]
    findings.sort(key=_position)
    return Checked(
        kind,
        name if isinstance(name, str) else None,
        tree,
        findings[:MOST_FINDINGS],
        broken=bool(findings) or bool(source.findings),
        pruned=frozenset(removed),
    )


def has_shape(kind: str, tree: dict[str, Any]) -> bool:
    """Whether a plain tree, which no file holds, is of the shape of its kind in every part."""
    report = Report()
    return not _errors(KINDS[kind], tree, report) and not report.notes and not empty_places(tree)


def _unread(source: Source) -> Checked:
    """A file that could not be read to its end, or has nothing in it."""
    kind, name = source.head or (None, None)
    findings = [] if source.findings else [_finding(source, "FJ008", (), say("the file is empty"), _kinds())]
    name = kind if kind == "partners" else name
    return Checked(kind if kind in KINDS else None, name or None, None, findings, broken=True)


def _kinds() -> Message:
    return say("begin it with one of {kinds}", kinds=tuple(KINDS))


def _kind(source: Source, tree: dict[str, Any]) -> tuple[str | None, list[Finding]]:
    first = next(iter(tree))
    if first in KINDS:
        return first, []
    if first in LATER_KINDS:
        message = say("not supported yet: {feature}", feature=say("files of the kind {kind}", kind=first))
        return None, [_finding(source, "FJ020", (first,), message, key=True)]
    later = next((key for key in tree if key in KINDS), None)
    meant = nearest(first, KINDS)
    if later is None:
        help = say("did you mean {word}?", word=meant) if meant else _kinds()
        return None, [
            _finding(source, "FJ008", (first,), say("no kind of file is called {key}", key=first), help, True)
        ]
    message = say("a file begins with its kind, here {kind}", kind=later)
    return later, [_finding(source, "FJ008", (first,), message, say("make {kind} the first key", kind=later), True)]


def _save(source: Source, shape: type[Shape]) -> tuple[dict[str, Any] | None, set[Route], list[Finding]]:
    """The parts of valid shape, the routes of the others, and a finding for each mistake."""
    findings = []
    removed = set(empty_places(source.tree))
    help = say("write its value or delete it; put a text that has a comma in quotes")
    for route in sorted(removed, key=str):
        missing = say("{key} has no value", key=route[-1]) if isinstance(route[-1], str) else say("an item is empty")
        findings.append(_finding(source, "FJ005", route, missing, help))
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
            found = _finding(source, note.code, route, note.message, note.help, key=note.drop)
            findings.append(replace(found, fix=_renamed(found.place, note.key, note.meant)))
    for error in errors:
        route = pruned.route_of(error["loc"])
        if error["type"] != "missing" or (*route, error["loc"][-1]) not in meant:
            found = _finding(source, *_said(error, route), key=error["loc"][-1] == "[key]")
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


def _said(error: Any, route: Route) -> tuple[str, Route, Message, Message | None]:
    """Code, route, message and help of one of pydantic's errors."""
    context = error.get("ctx", {})
    if error["type"] == "missing":
        return "FJ005", route, say("{key} is missing", key=error["loc"][-1]), None
    if error["type"] == "too_short":
        return "FJ005", route, say("nothing stands here"), None
    if error["type"] == KIND and "message" in context:
        return context["code"], route, context["message"], context["help"]
    expected = context.get("expected") if error["type"] == KIND else _native(error["type"])
    found = described(error["input"])
    return "FJ004", route, say("expected {expected}, found {found}", expected=expected, found=found), None


def _native(kind: str) -> Message:
    if kind == "list_type":
        return say("a list")
    return say("names, each with its value")


def _finding(
    source: Source, code: str, route: Route, message: Message, help: Message | None = None, key: bool = False
) -> Finding:
    place = Place(source.path, route, key)
    return Finding(code, "error", message, Place(source.path, route, key, span_of(source, place)), help)


def _position(finding: Finding) -> tuple[int, int, str]:
    span = finding.place.span or Span(1, 1, 1, 1)
    return span.line, span.column, finding.code
