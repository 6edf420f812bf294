"""Compute the exact edits of a fix in the text of a file, and apply them; all other bytes stay unchanged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from fujin_cli.core.findings.finding import Edit, Finding, Fix, Place, Route, Span
from fujin_cli.core.findings.fix import apply_edits
from fujin_cli.store.yaml.comment_owners import edits_keep_owners
from fujin_cli.store.yaml.comment_placement import lay_out
from fujin_cli.store.yaml.comments import find_comments
from fujin_cli.store.yaml.layout import BLANK, LayoutBranch, LayoutNode, Position
from fujin_cli.store.yaml.nodes import Mapping as MappingNode
from fujin_cli.store.yaml.nodes import Scalar, Sequence
from fujin_cli.store.yaml.positions import index_in
from fujin_cli.store.yaml.read import Source, read_yaml, uses_anchors
from fujin_cli.store.yaml.scalars import write_scalar


class EditMismatchError(Exception):
    """Report an edit that does not fit the file: its target is missing or written in another form."""


class Fixer:
    """Locate the fixes of files that ``source`` reads; a file is laid out once, for its first fix."""

    def __init__(self, source: Callable[[str], Source]) -> None:
        self.source = source
        self._roots: dict[str, LayoutBranch | None] = {}

    def locate_fix(self, fix: Fix | None) -> Fix | None:
        """Return the fix with exact edits; None if it does not fit the file.

        A fix that would delete a comment is not safe, even if its rule says so.
        """
        if fix is None:
            return None
        try:
            placed_edits = [self._locate_edit(edit) for edit in fix.edits]
        except EditMismatchError:
            return None
        keeps_comments = not any(deletes_comment for _, deletes_comment in placed_edits)
        return replace(fix, edits=tuple(edit for edit, _ in placed_edits), safe=fix.safe and keeps_comments)

    def _locate_edit(self, edit: Edit) -> tuple[Edit, bool]:
        """Return the edit with its exact place, and whether it deletes a comment too."""
        source = self.source(edit.place.path)
        if edit.place.span is not None:
            start, end, text = _locate_by_span(source, edit)
            deletes_comment = edit.verb == "delete" and _has_comment_after(source, edit)
        else:
            start, end, text = self._locate_by_route(source, edit)
            deletes_comment = edit.verb == "delete" and _has_comment_between(source, start, end)
        span = Span(start[0] + 1, start[1] + 1, end[0] + 1, end[1] + 1)
        return Edit("exact", Place(edit.place.path, edit.place.route, span=span), text), deletes_comment

    def _locate_by_route(self, source: Source, edit: Edit) -> tuple[Position, Position, str]:
        if source.path not in self._roots:
            readable = source.root_node is not None and not source.findings and not uses_anchors(source.text)
            self._roots[source.path] = lay_out(source) if readable else None
        root = self._roots[source.path]
        if root is None:
            raise EditMismatchError
        if edit.verb == "insert":
            branch = _find_branch(source, root, edit.place.route)
            return _locate_insertion(source, branch, edit.text)
        unit = _find_node(source, root, edit.place.route, word=edit.verb == "replace")
        if edit.verb == "delete":
            return _locate_deletion(source, unit)
        return _locate_replacement(source, unit, edit)


def apply_fixes(text: str, findings: Iterable[Finding]) -> tuple[str, list[Finding]]:
    """Apply fixes to the text of one file, and list the fixed findings; of two overlapping fixes the first wins."""
    used_ranges: list[tuple[Position, Position]] = []
    edits: list[Edit] = []
    fixed_findings = []
    for finding in findings:
        fix = finding.fix
        ranges = [_find_edit_range(edit) for edit in fix.edits] if fix else []
        free = all(end < begun or ended < start for start, end in ranges for begun, ended in used_ranges)
        if fix is not None and ranges and free:
            used_ranges += ranges
            edits += fix.edits
            fixed_findings.append(finding)
    return apply_edits(text, edits), fixed_findings


def makes_worse(path: str, old: str, new: str, applied: Iterable[Finding]) -> bool:
    """Tell whether fixes made a file worse: more findings about YAML, or a comment that belongs to something else."""
    before, after = read_yaml(old.encode(), path), read_yaml(new.encode(), path)
    if len(after.findings) > len(before.findings):
        return True
    edits = [edit for finding in applied if finding.fix for edit in finding.fix.edits]
    return after.root_node is not None and not edits_keep_owners(before, after, edits)


def _find_edit_range(edit: Edit) -> tuple[Position, Position]:
    span = edit.place.span
    if span is None:
        raise EditMismatchError
    return (span.line, span.column), (span.end_line, span.end_column)


def _has_comment_between(source: Source, start: Position, end: Position) -> bool:
    """Tell whether a comment begins between two positions."""
    return any(start <= position < end for position in find_comments(source).items())


def _has_comment_after(source: Source, edit: Edit) -> bool:
    """Tell whether a comment follows the target of an edit on its line."""
    span = edit.place.span
    return span is not None and source.lines[span.end_line - 1][span.end_column - 1 :].lstrip().startswith("#")


def _locate_by_span(source: Source, edit: Edit) -> tuple[Position, Position, str]:
    """Locate an edit of text outside the tree, such as a comment or duplicate key; delete whole lines if possible."""
    span = edit.place.span
    assert span is not None  # noqa: S101 - the caller has checked it
    start, end = (span.line - 1, span.column - 1), (span.end_line - 1, span.end_column - 1)
    if edit.verb != "delete":
        return start, end, edit.text
    before, behind = source.lines[start[0]][: start[1]], source.lines[end[0]][end[1] :].strip()
    if behind and not behind.startswith("#"):
        raise EditMismatchError
    if not before.strip() and end[0] + 1 < len(source.lines):
        return (start[0], 0), (end[0] + 1, 0), ""
    return (start[0], len(before.rstrip())), (end[0], len(source.lines[end[0]])), ""


def _find_node(source: Source, root: LayoutBranch, route: Route, *, word: bool = False) -> LayoutNode:
    """Find the node at a route; with ``word``, also a single word where the route has the first item of a list."""
    unit: LayoutNode | None = None
    branch: LayoutBranch | None = root
    parent_route: Route = ()
    for part in route:
        if branch is None:
            if word and unit is not None and isinstance(unit.value, Scalar) and part in (0, unit.value.text):
                return unit
            raise EditMismatchError
        unit = _find_child(source, branch, part, parent_route)
        parent_route = (*parent_route, part)
        branch = unit.value if isinstance(unit.value, LayoutBranch) else None
    if unit is None:
        raise EditMismatchError
    return unit


def _find_child(source: Source, branch: LayoutBranch, part: str | int, parent_route: Route) -> LayoutNode:
    child: LayoutNode | None = None
    if isinstance(branch.node, MappingNode):
        child = next((unit for unit in branch.units if unit.key is not None and unit.key.text == str(part)), None)
    elif isinstance(branch.node, Sequence):
        index = index_in(branch.node, part, source.remaining_indices.get(parent_route))
        child = branch.units[index] if index is not None else None
    if child is None:
        raise EditMismatchError
    return child


def _find_branch(source: Source, root: LayoutBranch, route: Route) -> LayoutBranch:
    value = _find_node(source, root, route).value if route else root
    if not isinstance(value, LayoutBranch) or not isinstance(value.node, MappingNode):
        raise EditMismatchError
    return value


def _locate_replacement(source: Source, unit: LayoutNode, edit: Edit) -> tuple[Position, Position, str]:
    scalar = unit.key if edit.place.key else unit.value
    if not isinstance(scalar, Scalar) or (edit.old is not None and scalar.text != edit.old):
        raise EditMismatchError
    if edit.place.key and any(
        sibling.key is not None and sibling.key.text == edit.text for sibling in unit.parent.units
    ):
        raise EditMismatchError  # it would become a duplicate key
    line, column, end_line, end_column = scalar.marks
    sign = source.lines[line][column : column + 1]
    if sign in ("|", ">"):
        raise EditMismatchError
    return (line, column), (end_line, end_column), write_scalar(edit.text, quoted=sign in ('"', "'"))


def _locate_deletion(source: Source, unit: LayoutNode) -> tuple[Position, Position, str]:
    """Locate the deletion of a node with its separator; a node on lines of its own is deleted by whole lines."""
    units = unit.parent.units
    at = units.index(unit)
    if len(units) == 1 and not unit.parent.flow:
        raise EditMismatchError  # an empty block would remain
    alone = not source.lines[unit.start[0]][: unit.start[1]].strip()
    if not unit.parent.flow and alone and unit.end[0] + 1 < len(source.lines):
        return (_find_first_line(source, unit), 0), (unit.end[0] + 1, 0), ""
    if at + 1 < len(units):
        start, end = unit.start, units[at + 1].start
    else:
        start, end = (units[at - 1].end if at else unit.start), unit.end
    if _has_comment_between(source, start, end):
        raise EditMismatchError  # the comment may belong to the neighbour
    return start, end, ""


def _find_first_line(source: Source, unit: LayoutNode) -> int:
    """Find the first line of a node with the comments above it, which would belong to the next node without it."""
    line = unit.start[0]
    for _ in range(sum(comment != BLANK for comment in unit.leading)):
        above = next((number for number in range(line - 1, -1, -1) if source.lines[number].strip()), -1)
        if above < 0 or not source.lines[above].lstrip().startswith("#"):
            break
        line = above
    return line


def _locate_insertion(source: Source, branch: LayoutBranch, text: str) -> tuple[Position, Position, str]:
    name = text.partition(":")[0]
    if any(unit.key is not None and unit.key.text == name for unit in branch.units):
        raise EditMismatchError
    last = branch.units[-1]
    if branch.flow:
        return last.end, last.end, f", {text}"
    line = last.end[0]
    end = (line, len(source.lines[line]))
    newline = "\r\n" if "\r\n" in source.text else "\n"
    return end, end, newline + " " * branch.column + text
