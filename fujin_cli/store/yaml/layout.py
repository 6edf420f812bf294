"""Build the tree of a YAML file with its comments: each belongs to the node on its line, or on the next line."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from fujin_cli.store.yaml.comments import find_comments
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
    the value continues below), with its column.
    """

    key: Scalar | None
    value: LayoutBranch | Scalar
    start: Position
    end: Position
    parent: LayoutBranch
    leading: list[str] = field(default_factory=list)
    trailing: tuple[int, str] | None = None

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

    def has_comments(self) -> bool:
        """Tell whether there is a comment anywhere inside."""
        return bool(self.tail) or any(
            unit.leading or unit.trailing or (isinstance(unit.value, LayoutBranch) and unit.value.has_comments())
            for unit in self.units
        )


def lay_out(source: Source) -> LayoutBranch | None:
    """Build the file's tree with all its comments and single blank lines; None if the file is no mapping."""
    if not isinstance(source.root_node, Mapping) or not source.root_node.pairs:
        return None
    root = _make_branch(source, source.root_node, None)
    placer = _CommentPlacer(source, root)
    for line, column in find_comments(source).items():
        placer.comment(line, column)
    placer.attach_blank_lines()
    _lift_lone_comments(root)
    return root


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


def _lift_lone_comments(branch: LayoutBranch) -> None:
    """Move the comments of empty lists and mappings above them, because these have no line to hold the comment."""
    for unit in branch.units:
        if isinstance(unit.value, LayoutBranch) and unit.value.units:
            _lift_lone_comments(unit.value)
        elif isinstance(unit.value, LayoutBranch):
            unit.leading += unit.value.tail
            unit.value.tail = []


class _CommentPlacer:
    """Attach each comment to a node of the tree."""

    def __init__(self, source: Source, root: LayoutBranch) -> None:
        self.source = source
        self.root = root
        self.units = list(_iterate_nodes(root))
        self.starts = [unit.start for unit in self.units]
        self.texts = {
            line
            for unit in self.units
            if not isinstance(unit.value, LayoutBranch) and is_text_block(source, unit.value)
            for line in range(unit.start[0], unit.end[0] + 1)
        }

    def comment(self, line: int, column: int) -> None:
        """Attach the comment that begins at this position."""
        text = self.source.lines[line]
        comment = text[column:].rstrip()
        if text[:column].strip():
            unit = self._find_node_on_line(line, column)
            if unit.trailing is None:
                unit.trailing = (column, comment)
            else:  # the line has a second comment: after a closing bracket
                unit.leading.append(comment)
            return
        place = self._find_comment_lines((line, column))
        if self._is_blank(line - 1):
            place.append(BLANK)
        place.append(comment)

    def _find_node_on_line(self, line: int, column: int) -> LayoutNode:
        """Find the outermost node that begins and ends on the line, else has its key on it, else ends on it."""
        begin, end = bisect_right(self.starts, (line - 1, 1 << 30)), bisect_right(self.starts, (line, column))
        starting_nodes = self.units[begin:end]
        whole_nodes = (
            unit for unit in starting_nodes if unit.end[0] == line and not (unit.key is None and unit.is_block)
        )
        keyed_nodes = (unit for unit in starting_nodes if unit.key is not None)
        ending_nodes = (unit for unit in self.units[:end] if unit.end[0] == line)
        return (
            next(whole_nodes, None)
            or next(keyed_nodes, None)
            or next(ending_nodes, None)
            or self.units[max(end - 1, 0)]
        )

    def _find_comment_lines(self, at: Position) -> list[str]:
        """Find the list of lines to which a comment on a line of its own belongs."""
        index = bisect_right(self.starts, at)
        following = self.units[index] if index < len(self.units) else None
        if index == 0:
            return self.units[0].leading
        previous = self.units[index - 1]
        if (not previous.is_block) and _begin(previous.value) > at:
            return previous.leading  # the comment is between the key and its value
        flow = _flow_at(previous, at)
        if flow is not None:
            return following.leading if following and following.start < _end_position(flow) else flow.tail
        if following is not None and at[1] <= following.parent.column:
            return following.leading
        branch = previous.value if isinstance(previous.value, LayoutBranch) and previous.is_block else previous.parent
        while branch.owner is not None and (branch.flow or branch.column > at[1]):
            branch = branch.owner.parent
        if following is not None and branch.column <= following.parent.column:
            return following.leading
        return branch.tail

    def attach_blank_lines(self) -> None:
        """Attach one blank line to each node that has blank lines above it or its comments."""
        spaced_lines = set()
        for unit in self.units:
            line = unit.start[0]
            if self._is_blank(line - 1) and not unit.parent.flow and line not in spaced_lines:
                unit.leading.append(BLANK)
            spaced_lines.add(line)

    def _is_blank(self, line: int) -> bool:
        """Tell whether a line exists, is blank, and is outside every text."""
        return line >= 0 and not self.source.lines[line].strip() and line not in self.texts


def _iterate_nodes(branch: LayoutBranch) -> Iterator[LayoutNode]:
    for unit in branch.units:
        yield unit
        if isinstance(unit.value, LayoutBranch):
            yield from _iterate_nodes(unit.value)


def _begin(value: LayoutBranch | Scalar) -> Position:
    return (value.node if isinstance(value, LayoutBranch) else value).marks[:2]


def _end_position(branch: LayoutBranch) -> Position:
    return branch.node.marks[2:]


def _flow_at(unit: LayoutNode, at: Position) -> LayoutBranch | None:
    """Find the innermost list in brackets or mapping in braces around ``at``, among parents and value of ``unit``."""
    branch: LayoutBranch | None = unit.value if isinstance(unit.value, LayoutBranch) else unit.parent
    while branch is not None:
        if branch.flow and _begin(branch) < at < _end_position(branch):
            return branch
        branch = branch.owner.parent if branch.owner else None
    return None
