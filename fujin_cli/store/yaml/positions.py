"""Convert routes of keys to lines and columns; no other module does."""

from __future__ import annotations

from fujin_cli.core.findings.finding import Place, Route, Span
from fujin_cli.store.yaml.nodes import Mapping, Marks, Node, Scalar, Sequence, span_from
from fujin_cli.store.yaml.read import Source


def span_of(source: Source, place: Place) -> Span:
    """Compute the span of ``place`` in ``source``, in characters from 1, the end exclusive.

    A place with a span keeps it. Parts of the route that the file does not have are skipped, so that a missing key is
    located at the key above it, and a route in the long form finds the short form (``tell``, ``lead`` in
    ``tell: [lead]`` or ``tell: lead``). The span of a text is the text with its quotes. The span of a list, a mapping,
    an empty value, or any value if ``place.key`` is set, is its key; without a key, its beginning.
    """
    if place.span is not None:
        return place.span
    if source.root_node is None:
        return Span(1, 1, 1, 1)
    key, node = _walk(source, place.route)
    if isinstance(node, Scalar) and not place.key and _is_wide(node.marks):
        return span_from(_trim_blank_end(source, node))
    if key is not None:
        return span_from(key.marks)
    return span_from(_locate_beginning(source, node))


def _walk(source: Source, route: Route) -> tuple[Scalar | None, Node]:
    """Find the node at the end of ``route``, and its key."""
    node = source.root_node
    assert node is not None  # noqa: S101 - the caller has checked it
    key: Scalar | None = None
    parent_route: Route = ()
    for part in route:
        if isinstance(node, Mapping) and str(part) in node.pairs:
            key, node = node.pairs[str(part)]
            parent_route = (*parent_route, str(part))
        elif isinstance(node, Sequence):
            index = index_in(node, part, source.remaining_indices.get(parent_route))
            if index is not None:
                key, node = None, node.members[index]
                parent_route = (*parent_route, index)
    return key, node


def index_in(node: Sequence, part: str | int, remaining_indices: tuple[int, ...] | None) -> int | None:
    """Find the index of a list member by its text, or by its number among ``remaining_indices``."""
    if isinstance(part, str):
        return next(
            (at for at, member in enumerate(node.members) if isinstance(member, Scalar) and member.text == part), None
        )
    if remaining_indices is not None:
        return remaining_indices[part] if 0 <= part < len(remaining_indices) else None
    return part if 0 <= part < len(node.members) else None


def _is_wide(marks: Marks) -> bool:
    return marks[:2] != marks[2:]


def _trim_blank_end(source: Source, node: Scalar) -> Marks:
    """Trim a block of text (``|``) to its last line; for the parser it reaches to the next token."""
    line, column, end_line, end_column = node.marks
    while end_line > line and not source.lines[end_line][:end_column].strip():
        end_line -= 1
        end_column = len(source.lines[end_line])
    return line, column, end_line, end_column


def _locate_beginning(source: Source, node: Node) -> Marks:
    """Locate a list or mapping without a key: all of it if it is on one line, else its first member."""
    line, column, end_line, end_column = node.marks
    if isinstance(node, Scalar) or (end_line == line and end_column > column):
        return node.marks
    if isinstance(node, Sequence):
        return _locate_beginning(source, node.members[0]) if node.members else (line, column, line, column + 1)
    if not node.pairs:
        return line, column, line, column + 1
    key, value = next(iter(node.pairs.values()))
    last = value if isinstance(value, Scalar) and value.marks[2] == key.marks[0] else key
    return (*key.marks[:2], *last.marks[2:])
