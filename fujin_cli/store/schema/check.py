"""Judges the shape of a file and saves of it what is of valid shape, so that one mistake hides no other.

The kind is the first key. A table tells quickly of most files that nothing can be wrong (``certain.py``); of any other
the kind's model is asked (``saving.py``). What was left out stays known by its route, so that references to it do not
dangle.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fujin_cli.core.findings.finding import Finding, Route, Span
from fujin_cli.core.text.message import LocalizedText, say
from fujin_cli.store.schema.finding import shape_finding
from fujin_cli.store.schema.quick_accept import surely_valid
from fujin_cli.store.schema.shapes.forms import nearest
from fujin_cli.store.schema.shapes.kinds import KINDS, LATER_KINDS
from fujin_cli.store.yaml.read import Source

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
        finding = shape_finding(source, "FJ008", (), say("a file is a mapping that begins with its kind"), _kinds())
        return Checked(None, None, None, [finding], broken=True)
    kind, findings = _kind(source, source.tree)
    if kind is None:
        return Checked(None, None, None, findings, broken=True)
    tree: dict[str, Any] | None = source.tree
    if surely_valid(kind, tree):
        removed, found = set[Route](), list[Finding]()  # nothing has to be left out
    else:
        from fujin_cli.store.schema.recover import save

        tree, removed, found = save(source, KINDS[kind])
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
    if surely_valid(kind, tree):
        return True
    from fujin_cli.store.schema.recover import is_valid

    return is_valid(KINDS[kind], tree)


def _unread(source: Source) -> Checked:
    """A file that could not be read to its end, or has nothing in it."""
    kind, name = source.head or (None, None)
    findings = [] if source.findings else [shape_finding(source, "FJ008", (), say("the file is empty"), _kinds())]
    name = kind if kind == "partners" else name
    return Checked(kind if kind in KINDS else None, name or None, None, findings, broken=True)


def _kinds() -> LocalizedText:
    return say("begin it with one of {kinds}", kinds=tuple(KINDS))


def _kind(source: Source, tree: dict[str, Any]) -> tuple[str | None, list[Finding]]:
    first = next(iter(tree))
    if first in KINDS:
        return first, []
    if first in LATER_KINDS:
        message = say("not supported yet: {feature}", feature=say("files of the kind {kind}", kind=first))
        return None, [shape_finding(source, "FJ020", (first,), message, key=True)]
    later = next((key for key in tree if key in KINDS), None)
    meant = nearest(first, KINDS)
    if later is None:
        help = say("did you mean {word}?", word=meant) if meant else _kinds()
        return None, [
            shape_finding(source, "FJ008", (first,), say("{key} is not a kind of file", key=first), help, True)
        ]
    message = say("a file begins with its kind, here {kind}", kind=later)
    return later, [
        shape_finding(source, "FJ008", (first,), message, say("make {kind} the first key", kind=later), True)
    ]


def _position(finding: Finding) -> tuple[int, int, str]:
    span = finding.place.span or Span(1, 1, 1, 1)
    return span.line, span.column, finding.code
