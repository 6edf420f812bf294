"""Check the shape of a file and recover its valid parts, so that one mistake hides no other.

The kind of a file is its first key. Most files are accepted quickly from a table (``quick_accept``); the others are
validated with the pydantic model of their kind (``recover``). Invalid parts are left out, but their routes are
recorded, so that references to them are not reported as unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fujin_cli.core.findings.finding import Finding, Route, Span
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.schema.expand import expand_single_words
from fujin_cli.store.schema.finding import shape_finding
from fujin_cli.store.schema.quick_accept import is_certainly_valid
from fujin_cli.store.schema.shapes.forms import find_nearest
from fujin_cli.store.schema.shapes.kinds import KINDS, LATER_KINDS
from fujin_cli.store.yaml.read import Source

MOST_FINDINGS = 1000


@dataclass(frozen=True, slots=True)
class ShapeCheck:
    """Hold the result of checking a file's shape.

    ``kind`` and ``name`` are set even if the rest is broken (None if they cannot be read). ``tree`` has only the valid
    parts, and may lack a required key; it is None if no part is usable. ``pruned`` has the routes, in the file, of the
    parts left out. ``broken`` means that a part was left out or a key is missing, so that rules about the whole file
    must not run.
    """

    kind: str | None
    name: str | None
    tree: dict[str, Any] | None
    findings: list[Finding] = field(default_factory=list)
    broken: bool = False
    pruned: frozenset[Route] = frozenset()


def check_shape(source: Source) -> ShapeCheck:
    """Check the file in ``source``, and set ``source.remaining_indices`` for lists that lost items.

    The result has the findings about shape; those about YAML are in ``source.findings``.
    """
    if source.tree is None:
        return _check_unreadable(source)
    if not isinstance(source.tree, dict) or not source.tree:
        finding = shape_finding(
            source, "FJ008", (), say("a file is a mapping that begins with its kind"), _kinds_help()
        )
        return ShapeCheck(None, None, None, [finding], broken=True)
    kind, findings = _find_kind(source, source.tree)
    if kind is None:
        return ShapeCheck(None, None, None, findings, broken=True)
    tree: dict[str, Any] | None = source.tree
    if is_certainly_valid(kind, tree):
        removed, shape_findings = set[Route](), list[Finding]()  # no part is invalid
    else:
        from fujin_cli.store.schema.recover import recover_valid_parts

        tree, removed, shape_findings = recover_valid_parts(source, KINDS[kind])
    tree = expand_single_words(kind, tree)
    refused = {finding.place.span for finding in source.findings}  # an unread alias leaves a gap: report it once
    findings += [finding for finding in shape_findings if finding.code != "FJ005" or finding.place.span not in refused]
    name = kind if kind == "partners" else source.tree[kind]
    findings.sort(key=_position_of_route)
    return ShapeCheck(
        kind,
        name if isinstance(name, str) else None,
        tree,
        findings[:MOST_FINDINGS],
        broken=bool(findings) or bool(source.findings),
        pruned=frozenset(removed),
    )


def has_shape(kind: str, tree: dict[str, Any]) -> bool:
    """Tell whether a plain tree without a file has a valid shape in every part."""
    if is_certainly_valid(kind, tree):
        return True
    from fujin_cli.store.schema.recover import is_valid

    return is_valid(KINDS[kind], tree)


def _check_unreadable(source: Source) -> ShapeCheck:
    """Check a file that is empty or could not be read to its end."""
    kind, name = source.head or (None, None)
    findings = [] if source.findings else [shape_finding(source, "FJ008", (), say("the file is empty"), _kinds_help())]
    name = kind if kind == "partners" else name
    return ShapeCheck(kind if kind in KINDS else None, name or None, None, findings, broken=True)


def _kinds_help() -> LocalizedText:
    return say("begin it with one of {kinds}", kinds=tuple(KINDS))


def _find_kind(source: Source, tree: dict[str, Any]) -> tuple[str | None, list[Finding]]:
    first = next(iter(tree))
    if first in KINDS:
        return first, []
    if first in LATER_KINDS:
        message = say("not supported yet: {feature}", feature=say("files of the kind {kind}", kind=first))
        return None, [shape_finding(source, "FJ020", (first,), message, key=True)]
    later_kind = next((key for key in tree if key in KINDS), None)
    nearest_kind = find_nearest(first, KINDS)
    if later_kind is None:
        help = say("did you mean {word}?", word=nearest_kind) if nearest_kind else _kinds_help()
        return None, [
            shape_finding(source, "FJ008", (first,), say("{key} is not a kind of file", key=first), help, True)
        ]
    message = say("a file begins with its kind, here {kind}", kind=later_kind)
    return later_kind, [
        shape_finding(source, "FJ008", (first,), message, say("make {kind} the first key", kind=later_kind), True)
    ]


def _position_of_route(finding: Finding) -> tuple[int, int, str]:
    span = finding.place.span or Span(1, 1, 1, 1)
    return span.line, span.column, finding.code
