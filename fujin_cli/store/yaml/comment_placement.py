"""Place the comments of a YAML file at the nodes to which they belong.

A comment at the end of a line belongs to the innermost node that ends on the line; if none does, to the innermost one
that begins on it. A comment on a line of its own belongs to the next node, or, if it is indented deeper than that, to
the end of the list or mapping above whose indentation it has.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from fujin_cli.store.yaml.comments import find_comments
from fujin_cli.store.yaml.layout import (
    BLANK,
    LayoutBranch,
    LayoutNode,
    Position,
    build_layout,
    find_last_node,
    is_text_block,
    iterate_nodes,
)
from fujin_cli.store.yaml.nodes import Scalar
from fujin_cli.store.yaml.read import Source


@dataclass(frozen=True, slots=True)
class CommentPlace:
    """Say where a comment belongs: at the end of a node's line, above a node, or at the end of a list or mapping."""

    position: Position
    text: str
    side: Literal["trailing", "leading", "tail"]
    owner: LayoutNode | LayoutBranch
    whole: LayoutNode | None = None  # the outermost node in brackets that begins and ends on the line


def lay_out(source: Source) -> LayoutBranch | None:
    """Build the file's tree with all its comments and single blank lines; None if the file is no mapping."""
    root = build_layout(source)
    if root is None:
        return None
    finder = _PlaceFinder(source, root)
    for place in finder.places():
        _attach(place, below_blank=finder.is_blank(place.position[0] - 1))
    _attach_blank_lines(finder)
    _lift_lone_comments(root)
    for unit in finder.units:
        _note_last_inside(unit)
    return root


def comment_places(source: Source) -> list[CommentPlace]:
    """List where each comment of a readable file belongs; empty if the file is no mapping."""
    root = build_layout(source)
    return list(_PlaceFinder(source, root).places()) if root else []


def _attach(place: CommentPlace, *, below_blank: bool) -> None:
    """Attach a comment to its node; the second one at the end of a node's lines (after a bracket) goes above it."""
    owner = place.owner
    if isinstance(owner, LayoutBranch):
        lines = owner.tail
    elif place.side == "trailing" and owner.trailing is None:
        owner.trailing = (place.position[1], place.text)
        return
    else:
        lines = owner.leading
    if below_blank and place.side != "trailing":
        lines.append(BLANK)
    lines.append(place.text)


def _attach_blank_lines(finder: _PlaceFinder) -> None:
    """Attach one blank line to each node that has blank lines above it or its comments."""
    spaced_lines = set()
    for unit in finder.units:
        line = unit.start[0]
        if finder.is_blank(line - 1) and not unit.parent.flow and line not in spaced_lines:
            unit.leading.append(BLANK)
        spaced_lines.add(line)


def _lift_lone_comments(branch: LayoutBranch) -> None:
    """Move the comments of empty lists and mappings above them, because these have no line to hold the comment."""
    for unit in branch.units:
        if isinstance(unit.value, LayoutBranch) and unit.value.units:
            _lift_lone_comments(unit.value)
        elif isinstance(unit.value, LayoutBranch):
            unit.leading += unit.value.tail
            unit.value.tail = []


def _note_last_inside(unit: LayoutNode) -> None:
    if isinstance(unit.value, LayoutBranch) and unit.value.flow and unit.value.units and unit.trailing is None:
        last = find_last_node(unit)
        if last.trailing and not unit.value.has_comments(except_of=last):
            unit.last_inside = last


class _PlaceFinder:
    """Find the place of each comment in the tree of a file."""

    def __init__(self, source: Source, root: LayoutBranch) -> None:
        self.source = source
        self.root = root
        self.units = list(iterate_nodes(root))
        self.starts = [unit.start for unit in self.units]
        self.ending: dict[int, list[LayoutNode]] = defaultdict(list)
        for unit in self.units:
            self.ending[unit.end[0]].append(unit)
        self.texts = {
            line
            for unit in self.units
            if not isinstance(unit.value, LayoutBranch) and is_text_block(source, unit.value)
            for line in range(unit.start[0], unit.end[0] + 1)
        }

    def places(self) -> Iterator[CommentPlace]:
        """Find the place of each comment, in their order."""
        for line, column in find_comments(self.source).items():
            text = self.source.lines[line]
            comment, at = text[column:].rstrip(), (line, column)
            if text[:column].strip():
                yield self._place_at_line_end(at, comment)
            else:
                yield self._place_on_own_line(at, comment)

    def _place_at_line_end(self, at: Position, comment: str) -> CommentPlace:
        ended = [unit for unit in self.ending.get(at[0], ()) if unit.end <= at]
        if ended:
            return CommentPlace(at, comment, "trailing", ended[-1], _find_whole(ended[-1], at))
        index = bisect_right(self.starts, at)
        if index and self.starts[index - 1] >= (at[0], 0):
            return CommentPlace(at, comment, "trailing", self.units[index - 1])
        if index == 0:  # after the beginning of the document
            return CommentPlace(at, comment, "leading", self.units[0])
        flow = _flow_at(self.units[index - 1], at)
        if flow is not None and flow.owner is not None:
            return CommentPlace(at, comment, "trailing", flow.owner)
        if index == len(self.units) and self.units[-1].end < at:  # after the end of the document
            return CommentPlace(at, comment, "tail", self.root)
        return CommentPlace(at, comment, "trailing", self.units[index - 1])

    def _place_on_own_line(self, at: Position, comment: str) -> CommentPlace:
        index = bisect_right(self.starts, at)
        following = self.units[index] if index < len(self.units) else None
        if index == 0:
            return CommentPlace(at, comment, "leading", self.units[0])
        previous = self.units[index - 1]
        flow = _flow_at(previous, at)
        if _is_between_key_and_value(previous, at):
            return CommentPlace(at, comment, "leading", previous)
        if flow is not None:
            if following and following.start < flow.node.marks[2:]:
                return CommentPlace(at, comment, "leading", following)
            return CommentPlace(at, comment, "tail", flow)
        if following is not None and at[1] <= following.parent.column:
            return CommentPlace(at, comment, "leading", following)
        if _is_below_empty_node(previous, at):
            return CommentPlace(at, comment, "leading", previous)
        branch = _find_indented_branch(previous, at[1])
        if following is not None and branch.column <= following.parent.column:
            return CommentPlace(at, comment, "leading", following)
        return CommentPlace(at, comment, "tail", branch)

    def is_blank(self, line: int) -> bool:
        """Tell whether a line exists, is blank, and is outside every text."""
        return line >= 0 and not self.source.lines[line].strip() and line not in self.texts


def _find_whole(unit: LayoutNode, at: Position) -> LayoutNode | None:
    """Find the outermost node in brackets around ``unit``, or itself, that begins and ends on the line of ``at``."""
    whole: LayoutNode | None = None
    node: LayoutNode | None = unit
    while node is not None and node.start[0] == node.end[0] == at[0]:
        if isinstance(node.value, LayoutBranch) and node.value.flow:
            whole = node
        node = node.parent.owner
    return whole


def _find_indented_branch(previous: LayoutNode, column: int) -> LayoutBranch:
    """Find the list or mapping around a node to whose end a comment at ``column`` belongs.

    Of a list and the mapping that holds it in the same column the comment belongs to the mapping.
    """
    branch = previous.value if isinstance(previous.value, LayoutBranch) and previous.is_block else previous.parent
    while branch.owner is not None and (
        branch.flow or branch.column > column or branch.owner.parent.column == branch.column
    ):
        branch = branch.owner.parent
    return branch


def _is_between_key_and_value(unit: LayoutNode, at: Position) -> bool:
    return not unit.is_block and _begin(unit.value) > at


def _is_below_empty_node(unit: LayoutNode, at: Position) -> bool:
    """Tell whether the comment stands, indented, where the value of a node without one would."""
    empty = isinstance(unit.value, Scalar) and unit.value.null and not unit.value.text
    return empty and not unit.parent.flow and at[1] > unit.start[1]


def _begin(value: LayoutBranch | Scalar) -> Position:
    return (value.node if isinstance(value, LayoutBranch) else value).marks[:2]


def _flow_at(unit: LayoutNode, at: Position) -> LayoutBranch | None:
    """Find the innermost list in brackets or mapping in braces around ``at``, among parents and value of ``unit``."""
    branch: LayoutBranch | None = unit.value if isinstance(unit.value, LayoutBranch) else unit.parent
    while branch is not None:
        if branch.flow and _begin(branch) < at < branch.node.marks[2:]:
            return branch
        branch = branch.owner.parent if branch.owner else None
    return None
