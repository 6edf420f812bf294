"""Works out what a fix changes in the text of a file, and makes the changes; everything else stays byte for byte."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from fujin_cli.core.findings.finding import Edit, Finding, Fix, Place, Route, Span
from fujin_cli.core.findings.fix import edited
from fujin_cli.store.yaml.comments import comments_in
from fujin_cli.store.yaml.layout import LayoutBranch, LayoutNode, Position, laid_out
from fujin_cli.store.yaml.nodes import Mapping as MappingNode
from fujin_cli.store.yaml.nodes import Scalar, Sequence
from fujin_cli.store.yaml.positions import index_in
from fujin_cli.store.yaml.read import Source, read_yaml, uses_anchors

_PLAIN = re.compile(r"\w(?:[\w./ -]*[\w./-])?")


class NotThereError(Exception):
    """An edit does not fit the file: what it is about stands elsewhere, or in another form."""


class Fixer:
    """Fixes for the files that ``source`` reads; a file is laid out once, when its first fix comes."""

    def __init__(self, source: Callable[[str], Source]) -> None:
        self.source = source
        self._roots: dict[str, LayoutBranch | None] = {}

    def placed(self, fix: Fix | None) -> Fix | None:
        """The fix with exact edits; None where it cannot be made as the file is.

        One that would take along what somebody remarked is not safe, whatever its rule says.
        """
        if fix is None:
            return None
        try:
            made = [self._exact(edit) for edit in fix.edits]
        except NotThereError:
            return None
        silent = not any(remarked for _, remarked in made)
        return replace(fix, edits=tuple(edit for edit, _ in made), safe=fix.safe and silent)

    def _exact(self, edit: Edit) -> tuple[Edit, bool]:
        """The edit with its exact place, and whether a comment goes with what it deletes."""
        source = self.source(edit.place.path)
        if edit.place.span is not None:
            start, end, text = _of_span(source, edit)
            remarked = edit.verb == "delete" and _remark_behind(source, edit)
        else:
            start, end, text = self._of_route(source, edit)
            remarked = edit.verb == "delete" and _remarked(source, start, end)
        span = Span(start[0] + 1, start[1] + 1, end[0] + 1, end[1] + 1)
        return Edit("exact", Place(edit.place.path, edit.place.route, span=span), text), remarked

    def _of_route(self, source: Source, edit: Edit) -> tuple[Position, Position, str]:
        if source.path not in self._roots:
            readable = source.root_node is not None and not source.findings and not uses_anchors(source.text)
            self._roots[source.path] = laid_out(source) if readable else None
        root = self._roots[source.path]
        if root is None:
            raise NotThereError
        if edit.verb == "insert":
            branch = _branch(source, root, edit.place.route)
            return _inserted(source, branch, edit.text)
        unit = _unit(source, root, edit.place.route)
        if edit.verb == "delete":
            return _deleted(source, unit)
        return _replaced(source, unit, edit)


def fixed(text: str, findings: Iterable[Finding]) -> tuple[str, list[Finding]]:
    """``text`` of one file with the fixes of its findings, and whose were made; of two that touch, the first one is."""
    taken: list[tuple[Position, Position]] = []
    edits: list[Edit] = []
    made = []
    for finding in findings:
        fix = finding.fix
        reaches = [_reach(edit) for edit in fix.edits] if fix else []
        free = all(end < begun or ended < start for start, end in reaches for begun, ended in taken)
        if fix is not None and reaches and free:
            taken += reaches
            edits += fix.edits
            made.append(finding)
    return edited(text, edits), made


def damages(path: str, old: str, new: str) -> bool:
    """Whether a fix has made a file worse: it can be read no more, or has lost its shape."""
    before, after = read_yaml(old.encode(), path), read_yaml(new.encode(), path)
    return len(after.findings) > len(before.findings)


def _reach(edit: Edit) -> tuple[Position, Position]:
    span = edit.place.span
    if span is None:
        raise NotThereError
    return (span.line, span.column), (span.end_line, span.end_column)


def _remarked(source: Source, start: Position, end: Position) -> bool:
    """Whether a comment stands between the two."""
    return any(start <= position < end for position in comments_in(source).items())


def _remark_behind(source: Source, edit: Edit) -> bool:
    """Whether a comment stands behind what an edit is about, on its line."""
    span = edit.place.span
    return span is not None and source.lines[span.end_line - 1][span.end_column - 1 :].lstrip().startswith("#")


def _of_span(source: Source, edit: Edit) -> tuple[Position, Position, str]:
    """An edit of what is in no tree: a comment, a character, a second key. What has lines to itself takes them."""
    span = edit.place.span
    assert span is not None  # noqa: S101 - the caller asked
    start, end = (span.line - 1, span.column - 1), (span.end_line - 1, span.end_column - 1)
    if edit.verb != "delete":
        return start, end, edit.text
    before, behind = source.lines[start[0]][: start[1]], source.lines[end[0]][end[1] :].strip()
    if behind and not behind.startswith("#"):
        raise NotThereError
    if not before.strip() and end[0] + 1 < len(source.lines):
        return (start[0], 0), (end[0] + 1, 0), ""
    return (start[0], len(before.rstrip())), (end[0], len(source.lines[end[0]])), ""


def _unit(source: Source, root: LayoutBranch, route: Route) -> LayoutNode:
    unit: LayoutNode | None = None
    branch: LayoutBranch | None = root
    walked: Route = ()
    for part in route:
        if branch is None:
            raise NotThereError
        unit = _child(source, branch, part, walked)
        walked = (*walked, part)
        branch = unit.value if isinstance(unit.value, LayoutBranch) else None
    if unit is None:
        raise NotThereError
    return unit


def _child(source: Source, branch: LayoutBranch, part: str | int, walked: Route) -> LayoutNode:
    found: LayoutNode | None = None
    if isinstance(branch.node, MappingNode):
        found = next((unit for unit in branch.units if unit.key is not None and unit.key.text == str(part)), None)
    elif isinstance(branch.node, Sequence):
        index = index_in(branch.node, part, source.kept.get(walked))
        found = branch.units[index] if index is not None else None
    if found is None:
        raise NotThereError
    return found


def _branch(source: Source, root: LayoutBranch, route: Route) -> LayoutBranch:
    value = _unit(source, root, route).value if route else root
    if not isinstance(value, LayoutBranch) or not isinstance(value.node, MappingNode):
        raise NotThereError
    return value


def _replaced(source: Source, unit: LayoutNode, edit: Edit) -> tuple[Position, Position, str]:
    scalar = unit.key if edit.place.key else unit.value
    if not isinstance(scalar, Scalar) or (edit.old is not None and scalar.text != edit.old):
        raise NotThereError
    if edit.place.key and any(other.key is not None and other.key.text == edit.text for other in unit.parent.units):
        raise NotThereError  # there would be two of them
    line, column, end_line, end_column = scalar.marks
    sign = source.lines[line][column : column + 1]
    if sign in ("|", ">"):
        raise NotThereError
    quoted = sign in ('"', "'") or not _PLAIN.fullmatch(edit.text)
    text = '"' + edit.text.replace("\\", "\\\\").replace('"', '\\"') + '"' if quoted else edit.text
    return (line, column), (end_line, end_column), text


def _deleted(source: Source, unit: LayoutNode) -> tuple[Position, Position, str]:
    """The unit with what separates it from its neighbours; on lines of its own whole lines go."""
    units = unit.parent.units
    at = units.index(unit)
    if len(units) == 1 and not unit.parent.flow:
        raise NotThereError  # nothing would be left where something must stand
    alone = not source.lines[unit.start[0]][: unit.start[1]].strip()
    if not unit.parent.flow and alone and unit.end[0] + 1 < len(source.lines):
        return (unit.start[0], 0), (unit.end[0] + 1, 0), ""
    if at + 1 < len(units):
        start, end = unit.start, units[at + 1].start
    else:
        start, end = (units[at - 1].end if at else unit.start), unit.end
    if _remarked(source, start, end):
        raise NotThereError  # it may be about the neighbour
    return start, end, ""


def _inserted(source: Source, branch: LayoutBranch, text: str) -> tuple[Position, Position, str]:
    name = text.partition(":")[0]
    if any(unit.key is not None and unit.key.text == name for unit in branch.units):
        raise NotThereError
    last = branch.units[-1]
    if branch.flow:
        return last.end, last.end, f", {text}"
    line = last.end[0]
    end = (line, len(source.lines[line]))
    newline = "\r\n" if "\r\n" in source.text else "\n"
    return end, end, newline + " " * branch.column + text
