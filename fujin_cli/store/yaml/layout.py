"""Build the tree of a YAML file, with its comments at the nodes to which they belong (``comment_placement``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from fujin_cli.store.yaml.nodes import Mapping, Marks, Node, Scalar
from fujin_cli.store.yaml.read import Source

_SIGN = re.compile(r"[|>][-+0-9]*")
BLANK = ""
"""A blank line in a list of comments."""
Position = tuple[int, int]


@dataclass(slots=True)
class LayoutNode:
    """Hold a key with its value, or (without a key) a member of a list, with its comments.

    ``leading`` are the comment lines above it. ``trailing`` is the comment at the end of its line (of its key's line if
    the value continues below), with its column. ``last_inside`` is the last node in its brackets, if the only comment
    inside is that node's ``trailing``: on one line, that comment stands behind the brackets.
    """

    key: Scalar | None
    value: LayoutBranch | Scalar
    start: Position
    end: Position
    parent: LayoutBranch
    leading: list[str] = field(default_factory=list)
    trailing: tuple[int, str] | None = None
    last_inside: LayoutNode | None = None

    @property
    def is_block(self) -> bool:
        """Tell whether its value is a list or mapping on lines of its own."""
        return isinstance(self.value, LayoutBranch) and not self.value.flow


@dataclass(slots=True)
class LayoutBranch:
    """Hold a list or mapping; ``flow``: in brackets or braces. ``tail`` are the comments after its last node."""

    node: Node
    flow: bool
    owner: LayoutNode | None
    units: list[LayoutNode] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)

    @property
    def column(self) -> int:
        """Return the column at which its nodes begin."""
        return self.node.marks[1]

    def has_comments(self, except_of: LayoutNode | None = None) -> bool:
        """Tell whether there is a comment anywhere inside, other than at the end of the line of ``except_of``."""
        return bool(self.tail) or any(
            unit.leading
            or (unit.trailing and unit is not except_of)
            or (isinstance(unit.value, LayoutBranch) and unit.value.has_comments(except_of))
            for unit in self.units
        )


def build_layout(source: Source) -> LayoutBranch | None:
    """Build the file's tree without comments; None if the file is no mapping."""
    if not isinstance(source.root_node, Mapping) or not source.root_node.pairs:
        return None
    return _make_branch(source, source.root_node, None)


def iterate_nodes(branch: LayoutBranch) -> Iterator[LayoutNode]:
    """List every node below a branch, in the order in which they begin."""
    for unit in branch.units:
        yield unit
        if isinstance(unit.value, LayoutBranch):
            yield from iterate_nodes(unit.value)


def find_last_node(unit: LayoutNode) -> LayoutNode:
    """Find the last and innermost node of a node; itself if it holds none."""
    while isinstance(unit.value, LayoutBranch) and unit.value.units:
        unit = unit.value.units[-1]
    return unit


def is_text_block(source: Source, node: Node) -> bool:
    """Tell whether a text is written as a block (``|`` or ``>``)."""
    return isinstance(node, Scalar) and block_header(source, node) != ""


def block_header(source: Source, scalar: Scalar) -> str:
    """Return the header of a block of text, such as ``|-`` or ``>2``; empty for other texts.

    A missing text may have a line number beyond the file: after a last line without a line end.
    """
    line, column, *_ = scalar.marks
    sign = None if scalar.null else _SIGN.match(source.lines[line], column)
    return sign[0] if sign else ""


def block_lines(source: Source, scalar: Scalar) -> list[str]:
    """List the lines of a block of text below its header, as written; blank ones at its end only if they count."""
    line, _, end_line, end_column = scalar.marks
    lines = source.lines[line + 1 : end_line]
    if end_line > line and source.lines[end_line][:end_column].strip():
        lines.append(source.lines[end_line])
    keeps = "+" in block_header(source, scalar)
    while lines and not keeps and not lines[-1].strip():
        lines.pop()
    return lines


def _make_branch(source: Source, node: Node, owner: LayoutNode | None) -> LayoutBranch:
    line, column, *_ = node.marks
    branch = LayoutBranch(node, source.lines[line][column : column + 1] in ("[", "{"), owner)
    if isinstance(node, Mapping):
        for key, value in node.pairs.values():
            _add_node(source, branch, key, value, key.marks[:2])
    elif not isinstance(node, Scalar):
        for member in node.members:
            start = member.marks[:2]
            _add_node(source, branch, None, member, start if branch.flow else _find_dash(source, branch, start))
    return branch


def _add_node(source: Source, branch: LayoutBranch, key: Scalar | None, node: Node, start: Position) -> None:
    unit = LayoutNode(key, node if isinstance(node, Scalar) else branch, start, start, branch)
    if not isinstance(node, Scalar):
        unit.value = _make_branch(source, node, unit)
    unit.end = max(_end(source, unit, node.marks), key.marks[2:] if key else start)
    branch.units.append(unit)


def _end(source: Source, unit: LayoutNode, marks: Marks) -> Position:
    if isinstance(unit.value, LayoutBranch):
        return marks[2:] if unit.value.flow else unit.value.units[-1].end
    if is_text_block(source, unit.value):
        last = marks[0] + len(block_lines(source, unit.value))
        return last, len(source.lines[last])
    return marks[2:]


def _find_dash(source: Source, branch: LayoutBranch, start: Position) -> Position:
    """Find the dash of a list member that begins at ``start``: on its line or above it."""
    column = branch.column
    first = branch.units[-1].end[0] if branch.units else branch.node.marks[0]
    for line in range(start[0], first - 1, -1):
        if source.lines[line][column : column + 1] == "-" and (line, column) <= start:
            return line, column
    return start
