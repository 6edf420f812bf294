"""The tree of a YAML file with its comments: each belongs to the entry or item whose line, or next line, it is on."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from fujin_cli.store.yaml.comments import comments_in
from fujin_cli.store.yaml.nodes import Mapping, Marks, Node, Scalar
from fujin_cli.store.yaml.read import Source

_SIGN = re.compile(r"[|>][-+0-9]*")
BLANK = ""
"""Among comments: a blank line."""
Position = tuple[int, int]


@dataclass(slots=True)
class LayoutNode:
    """An entry of a mapping, or (without a key) an item of a list, with its comments.

    ``leading`` are the lines above it. ``trailing`` is the comment behind it (behind its key where the value goes on
    below), with the column where it stood.
    """

    key: Scalar | None
    value: LayoutBranch | Scalar
    start: Position
    end: Position
    parent: LayoutBranch
    leading: list[str] = field(default_factory=list)
    trailing: tuple[int, str] | None = None

    @property
    def stacked(self) -> bool:
        """Whether its value is a list or mapping on lines of its own."""
        return isinstance(self.value, LayoutBranch) and not self.value.flow


@dataclass(slots=True)
class LayoutBranch:
    """A list or mapping; ``flow``: in brackets or braces. ``tail`` are the comments behind its last unit."""

    node: Node
    flow: bool
    owner: LayoutNode | None
    units: list[LayoutNode] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)

    @property
    def column(self) -> int:
        """Where its units begin."""
        return self.node.marks[1]

    def commented(self) -> bool:
        """Whether a comment stands anywhere inside."""
        return bool(self.tail) or any(
            unit.leading or unit.trailing or (isinstance(unit.value, LayoutBranch) and unit.value.commented())
            for unit in self.units
        )


def laid_out(source: Source) -> LayoutBranch | None:
    """The file's tree with every comment in it, and single blank lines; None where the file is no mapping."""
    if not isinstance(source.root_node, Mapping) or not source.root_node.entries:
        return None
    root = _branch(source, source.root_node, None)
    attaching = _Attaching(source, root)
    for line, column in comments_in(source).items():
        attaching.comment(line, column)
    attaching.blank_lines()
    _empty(root)
    return root


def block_of_text(source: Source, node: Node) -> bool:
    """Whether a text is written as a block (``|`` or ``>``)."""
    return isinstance(node, Scalar) and sign_of_block(source, node) != ""


def sign_of_block(source: Source, scalar: Scalar) -> str:
    """The sign of a block of text with what it says of indentation and of its end; nothing for other texts.

    A text that is missing may stand on a line that the file does not have: behind a last line without an end.
    """
    line, column, *_ = scalar.marks
    found = None if scalar.null else _SIGN.match(source.lines[line], column)
    return found[0] if found else ""


def lines_of_block(source: Source, scalar: Scalar) -> list[str]:
    """The lines of a block of text below its sign, as they stand; blank ones at its end only where they count."""
    line, _, end_line, end_column = scalar.marks
    lines = source.lines[line + 1 : end_line]
    if end_line > line and source.lines[end_line][:end_column].strip():
        lines.append(source.lines[end_line])
    keeps = "+" in sign_of_block(source, scalar)
    while lines and not keeps and not lines[-1].strip():
        lines.pop()
    return lines


def _branch(source: Source, node: Node, owner: LayoutNode | None) -> LayoutBranch:
    line, column, *_ = node.marks
    branch = LayoutBranch(node, source.lines[line][column : column + 1] in ("[", "{"), owner)
    if isinstance(node, Mapping):
        for key, value in node.entries.values():
            _grow(source, branch, key, value, key.marks[:2])
    elif not isinstance(node, Scalar):
        for item in node.items:
            start = item.marks[:2]
            _grow(source, branch, None, item, start if branch.flow else _dash(source, branch, start))
    return branch


def _grow(source: Source, branch: LayoutBranch, key: Scalar | None, node: Node, start: Position) -> None:
    unit = LayoutNode(key, node if isinstance(node, Scalar) else branch, start, start, branch)
    if not isinstance(node, Scalar):
        unit.value = _branch(source, node, unit)
    unit.end = max(_end(source, unit, node.marks), key.marks[2:] if key else start)
    branch.units.append(unit)


def _end(source: Source, unit: LayoutNode, marks: Marks) -> Position:
    if isinstance(unit.value, LayoutBranch):
        return marks[2:] if unit.value.flow else unit.value.units[-1].end
    if block_of_text(source, unit.value):
        last = marks[0] + len(lines_of_block(source, unit.value))
        return last, len(source.lines[last])
    return marks[2:]


def _dash(source: Source, branch: LayoutBranch, start: Position) -> Position:
    """The dash of an item that begins at ``start``: on its line or above it."""
    column = branch.column
    first = branch.units[-1].end[0] if branch.units else branch.node.marks[0]
    for line in range(start[0], first - 1, -1):
        if source.lines[line][column : column + 1] == "-" and (line, column) <= start:
            return line, column
    return start


def _empty(branch: LayoutBranch) -> None:
    """Comments in a list or mapping that holds nothing else stand above it: there is no line of it to stand behind."""
    for unit in branch.units:
        if isinstance(unit.value, LayoutBranch) and unit.value.units:
            _empty(unit.value)
        elif isinstance(unit.value, LayoutBranch):
            unit.leading += unit.value.tail
            unit.value.tail = []


class _Attaching:
    """Gives each comment its place in the tree."""

    def __init__(self, source: Source, root: LayoutBranch) -> None:
        self.source = source
        self.root = root
        self.units = list(_units(root))
        self.starts = [unit.start for unit in self.units]
        self.texts = {
            line
            for unit in self.units
            if not isinstance(unit.value, LayoutBranch) and block_of_text(source, unit.value)
            for line in range(unit.start[0], unit.end[0] + 1)
        }

    def comment(self, line: int, column: int) -> None:
        """The comment that begins there."""
        text = self.source.lines[line]
        said = text[column:].rstrip()
        if text[:column].strip():
            unit = self._on_line(line, column)
            if unit.trailing is None:
                unit.trailing = (column, said)
            else:  # a bracket closed on the line of another comment
                unit.leading.append(said)
            return
        place = self._above((line, column))
        if self._is_blank(line - 1):
            place.append(BLANK)
        place.append(said)

    def _on_line(self, line: int, column: int) -> LayoutNode:
        """Whose line it is: the outermost that begins and ends on it, that has its key there, or that ends there."""
        begin, end = bisect_right(self.starts, (line - 1, 1 << 30)), bisect_right(self.starts, (line, column))
        here = self.units[begin:end]
        whole = (unit for unit in here if unit.end[0] == line and not (unit.key is None and unit.stacked))
        headed = (unit for unit in here if unit.key is not None)
        closed = (unit for unit in self.units[:end] if unit.end[0] == line)
        return next(whole, None) or next(headed, None) or next(closed, None) or self.units[max(end - 1, 0)]

    def _above(self, at: Position) -> list[str]:
        """The lines that a comment on a line of its own belongs to."""
        index = bisect_right(self.starts, at)
        following = self.units[index] if index < len(self.units) else None
        if index == 0:
            return self.units[0].leading
        previous = self.units[index - 1]
        if (not previous.stacked) and _begin(previous.value) > at:
            return previous.leading  # its value stands below its key, and the comment between the two
        flow = _flow_at(previous, at)
        if flow is not None:
            return following.leading if following and following.start < _closing(flow) else flow.tail
        if following is not None and at[1] <= following.parent.column:
            return following.leading
        branch = previous.value if isinstance(previous.value, LayoutBranch) and previous.stacked else previous.parent
        while branch.owner is not None and (branch.flow or branch.column > at[1]):
            branch = branch.owner.parent
        if following is not None and branch.column <= following.parent.column:
            return following.leading
        return branch.tail

    def blank_lines(self) -> None:
        """A blank line above an entry or its comments stays, once."""
        seen = set()
        for unit in self.units:
            line = unit.start[0]
            if self._is_blank(line - 1) and not unit.parent.flow and line not in seen:
                unit.leading.append(BLANK)
            seen.add(line)

    def _is_blank(self, line: int) -> bool:
        """Whether it is a line, and blank, and no part of a text."""
        return line >= 0 and not self.source.lines[line].strip() and line not in self.texts


def _units(branch: LayoutBranch) -> Iterator[LayoutNode]:
    for unit in branch.units:
        yield unit
        if isinstance(unit.value, LayoutBranch):
            yield from _units(unit.value)


def _begin(value: LayoutBranch | Scalar) -> Position:
    return (value.node if isinstance(value, LayoutBranch) else value).marks[:2]


def _closing(branch: LayoutBranch) -> Position:
    return branch.node.marks[2:]


def _flow_at(unit: LayoutNode, at: Position) -> LayoutBranch | None:
    """The innermost list in brackets or mapping in braces around ``at``, of those that ``unit`` is in or holds."""
    branch: LayoutBranch | None = unit.value if isinstance(unit.value, LayoutBranch) else unit.parent
    while branch is not None:
        if branch.flow and _begin(branch) < at < _closing(branch):
            return branch
        branch = branch.owner.parent if branch.owner else None
    return None
