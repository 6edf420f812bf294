"""Add an entry to a mapping or list of a YAML file; every other byte, and so every comment, stays."""

from __future__ import annotations

from fujin_cli.core.findings.finding import Edit, Place, Route
from fujin_cli.core.findings.fix import apply_edits
from fujin_cli.store.yaml.nodes import Mapping, Node, Scalar, Sequence, span_from
from fujin_cli.store.yaml.read import Source, read_yaml

_INDENT = "  "


class CannotAppend(Exception):
    """The file has no mapping or list at the route, or writes it in a way that an entry cannot be added to."""


def append_entry(text: str, route: Route, entry: str) -> str:
    """Add ``key: value``, or the member of a list, as the last entry at a route. Raises CannotAppend."""
    source = read_yaml(text.encode(), "")
    parent, key = _find(source.root_node, route)
    if not isinstance(parent, (Mapping, Sequence)) or source.text != text:
        raise CannotAppend
    line, column, end_line, end_column = parent.marks
    is_flow = source.lines[line][column : column + 1] in ("{", "[")
    entries = list(parent.pairs.values()) if isinstance(parent, Mapping) else parent.members
    newline = "\r\n" if "\r\n" in text else "\n"
    dash = "- " if isinstance(parent, Sequence) else ""
    if not entries and key is not None and end_line == line:
        indent = " " * key.marks[1] + _INDENT
        return _replace(text, source, (line, column, end_line, end_column), f"{newline}{indent}{dash}{entry}")
    if not entries:
        raise CannotAppend
    last = entries[-1][1] if isinstance(entries[-1], tuple) else entries[-1]
    if is_flow:
        place = (end_line, end_column - 1, end_line, end_column - 1)
        return _replace(text, source, place, f", {entry}")
    first = entries[0][0] if isinstance(entries[0], tuple) else entries[0]
    start_line, start_column = first.marks[:2]
    if dash:
        start_column = source.lines[start_line].rindex("-", 0, start_column)
    end = _find_last_line(source, last)
    place = (end, len(source.lines[end]), end, len(source.lines[end]))
    return _replace(text, source, place, f"{newline}{' ' * start_column}{dash}{entry}")


def _find(root: Node | None, route: Route) -> tuple[Node | None, Scalar | None]:
    """Find the node at a route of keys, and its key."""
    node, key = root, None
    for part in route:
        if not isinstance(node, Mapping) or part not in node.pairs:
            return None, None
        key, node = node.pairs[str(part)]
    return node, key


def _find_last_line(source: Source, node: Node) -> int:
    """Find the last line of a node; the parser ends a block only at the next token."""
    line, column, end_line, end_column = node.marks
    if not isinstance(node, Scalar) and source.lines[line][column : column + 1] not in ("{", "["):
        if isinstance(node, Mapping) and node.pairs:
            return _find_last_line(source, list(node.pairs.values())[-1][1])
        if isinstance(node, Sequence) and node.members:
            return _find_last_line(source, node.members[-1])
    if end_column == 0 and end_line > line:
        end_line -= 1
    while end_line > line and not source.lines[end_line].strip():
        end_line -= 1
    return end_line


def _replace(text: str, source: Source, marks: tuple[int, int, int, int], new: str) -> str:
    changed = apply_edits(text, [Edit("exact", Place(source.path, span=span_from(marks)), new)])
    return changed.replace(": \n", ":\n").replace(": \r\n", ":\r\n") if new[:1] in "\r\n" else changed
