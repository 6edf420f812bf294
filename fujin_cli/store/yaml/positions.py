"""The one place that turns a route of keys into lines and columns."""

from __future__ import annotations

from fujin_cli.core.findings.finding import Place, Route, Span
from fujin_cli.store.yaml.nodes import Mapping, Marks, Node, Scalar, Sequence, span_from
from fujin_cli.store.yaml.read import Source


def span_of(source: Source, place: Place) -> Span:
    """Where ``place`` stands in ``source``, in characters from 1, the end exclusive.

    A place that has its span keeps it. Parts of the route that the file does not have are passed over, so that a
    missing key stands at the key above it, and a route through the long form finds what is written in the short one
    (``tell``, ``lead`` in ``tell: [lead]`` or ``tell: lead``). A text is shown itself, quotes included; a list or a
    mapping, an empty value, and everything where ``place.key`` asks for it, by its key; without a key by its beginning.
    """
    if place.span is not None:
        return place.span
    if source.root_node is None:
        return Span(1, 1, 1, 1)
    key, node = _walk(source, place.route)
    if isinstance(node, Scalar) and not place.key and _is_wide(node.marks):
        return span_from(_without_blank_end(source, node))
    if key is not None:
        return span_from(key.marks)
    return span_from(_beginning(source, node))


def _walk(source: Source, route: Route) -> tuple[Scalar | None, Node]:
    """The node at the end of ``route`` and the key that it is the value of."""
    node = source.root_node
    assert node is not None  # noqa: S101 - the caller asked
    key: Scalar | None = None
    walked: Route = ()
    for part in route:
        if isinstance(node, Mapping) and str(part) in node.entries:
            key, node = node.entries[str(part)]
            walked = (*walked, str(part))
        elif isinstance(node, Sequence):
            index = index_in(node, part, source.kept.get(walked))
            if index is not None:
                key, node = None, node.items[index]
                walked = (*walked, index)
    return key, node


def index_in(node: Sequence, part: str | int, kept: tuple[int, ...] | None) -> int | None:
    """Which item of a list a part of a route means: a text, or a number among the items that were ``kept``."""
    if isinstance(part, str):
        return next((at for at, item in enumerate(node.items) if isinstance(item, Scalar) and item.text == part), None)
    if kept is not None:
        return kept[part] if 0 <= part < len(kept) else None
    return part if 0 <= part < len(node.items) else None


def _is_wide(marks: Marks) -> bool:
    return marks[:2] != marks[2:]


def _without_blank_end(source: Source, node: Scalar) -> Marks:
    """A block of text (``|``) ends for the parser where the next thing begins; here with its last line."""
    line, column, end_line, end_column = node.marks
    while end_line > line and not source.lines[end_line][:end_column].strip():
        end_line -= 1
        end_column = len(source.lines[end_line])
    return line, column, end_line, end_column


def _beginning(source: Source, node: Node) -> Marks:
    """The first line of a list or mapping that has no key: all of it where it is one line, else its first entry."""
    line, column, end_line, end_column = node.marks
    if isinstance(node, Scalar) or (end_line == line and end_column > column):
        return node.marks
    if isinstance(node, Sequence):
        return _beginning(source, node.items[0]) if node.items else (line, column, line, column + 1)
    if not node.entries:
        return line, column, line, column + 1
    key, value = next(iter(node.entries.values()))
    last = value if isinstance(value, Scalar) and value.marks[2] == key.marks[0] else key
    return (*key.marks[:2], *last.marks[2:])
