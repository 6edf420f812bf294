"""An oracle: which entry of a YAML file each comment belongs to, worked out from the parser's marks alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from fujin_cli.store.yaml.comments import find_comments
from fujin_cli.store.yaml.nodes import Mapping, Node, Scalar
from fujin_cli.store.yaml.read import Source, read_yaml

Position = tuple[int, int]
Owner = tuple[str | int, ...]
TAIL = "(the end)"


@dataclass(frozen=True)
class Entry:
    """A key with its value, or a member of a list; ``start`` is its key or its dash."""

    route: Owner
    start: Position
    end: Position
    value: Node
    column: int  # at which the entries of its list or mapping begin
    flow: Position | None  # where its list in brackets or mapping in braces ends


def owners_of(text: str) -> Counter[tuple[str, Owner]]:
    """The comments of a readable file, each with its owner."""
    source = read_yaml(text.encode(), "a.yaml")
    assert source.root_node is not None
    entries = list(_entries(source, source.root_node, ()))
    owners: Counter[tuple[str, Owner]] = Counter()
    for line, column in find_comments(source).items():
        at_line_end = bool(source.lines[line][:column].strip())
        owner = (_owner_at_line_end if at_line_end else _owner_of_own_line)(entries, (line, column))
        owners[source.lines[line][column:].rstrip(), owner] += 1
    return owners


def _owner_at_line_end(entries: list[Entry], at: Position) -> Owner:
    """The innermost entry that ends on the line; else the innermost that begins on it; else what is open around it."""
    ended = [entry for entry in entries if entry.end[0] == at[0] and entry.end <= at]
    if ended:
        return _of_brackets(entries, max(ended, key=lambda entry: entry.start))
    begun = [entry for entry in entries if entry.start[0] == at[0] and entry.start < at]
    if begun:
        return _of_brackets(entries, max(begun, key=lambda entry: entry.start))
    around = [entry for entry in entries if entry.start < at < entry.end]
    if around:
        return max(around, key=lambda entry: entry.start).route
    return _lifted(entries, entries[0].route) if at < entries[0].start else (TAIL,)


def _of_brackets(entries: list[Entry], owner: Entry) -> Owner:
    """A lone dash or bracket may get a line of its own above, so that its comment goes above, too."""
    return owner.route if isinstance(owner.value, Scalar) else _lifted(entries, owner.route)


def _owner_of_own_line(entries: list[Entry], at: Position) -> Owner:
    """The next entry, unless the comment is indented into the list or mapping that stands above it."""
    before = [entry for entry in entries if entry.start < at]
    after = [entry for entry in entries if entry.start > at]
    if not before:
        return _lifted(entries, after[0].route)
    last = before[-1]
    if not _is_block(last) and last.value.marks[:2] > at:
        return _lifted(entries, last.route)
    flows = [entry for entry in before if _is_flow(entry) and entry.value.marks[:2] < at < entry.end]
    root_flow = entries[0].flow if entries[0].flow and at < entries[0].flow else None
    if flows or root_flow:
        end, route = (flows[-1].end, flows[-1].route) if flows else (root_flow, ())
        if after and after[0].start < (end or at):
            return _lifted(entries, after[0].route)
        inside = any(entry.route[:-1] == route for entry in entries)
        return (*route, TAIL) if inside else _lifted(entries, route)
    if after and at[1] <= after[0].column:
        return _lifted(entries, after[0].route)
    empty = isinstance(last.value, Scalar) and last.value.null and not last.value.text and not last.flow
    if empty and at[1] > last.start[1]:
        return _lifted(entries, last.route)
    columns = [(entry.column, entry.route[:-1]) for entry in before if _is_above(entry, last) and not entry.flow]
    fitting = [(column, route) for column, route in columns if column <= at[1]]
    deepest = max((column for column, _ in fitting), default=0)
    if after and deepest <= after[0].column:
        return _lifted(entries, after[0].route)
    return (*min((route for column, route in fitting if column == deepest), key=len, default=()), TAIL)


def _is_above(entry: Entry, last: Entry) -> bool:
    return last.route[: len(entry.route) - 1] == entry.route[:-1]


def _lifted(entries: list[Entry], route: Owner) -> Owner:
    """Above the first entry of a member of a list is above the member itself, since both begin on one line."""
    while len(route) > 1 and isinstance(route[-2], int):
        siblings = [entry.route for entry in entries if entry.route[:-1] == route[:-1]]
        if siblings[0] != route:
            break
        route = route[:-1]
    return route


def _is_flow(entry: Entry) -> bool:
    return not isinstance(entry.value, Scalar) and not _is_block(entry)


def _is_block(entry: Entry) -> bool:
    return not isinstance(entry.value, Scalar) and entry.end != entry.value.marks[2:]


def _entries(source: Source, node: Node, route: Owner) -> Iterator[Entry]:
    if isinstance(node, Scalar):
        return
    line, column, *end = node.marks
    flow = (end[0], end[1]) if source.lines[line][column : column + 1] in ("[", "{") else None
    pairs = (
        [(name, key.marks[:2], value) for name, (key, value) in node.pairs.items()]
        if isinstance(node, Mapping)
        else [(number, value.marks[:2], value) for number, value in enumerate(node.members)]
    )
    above = node.marks[:2]
    for name, begin, value in pairs:
        start = begin if isinstance(node, Mapping) or flow else _dash(source, column, above, begin)
        end_of_key = node.pairs[str(name)][0].marks[2:] if isinstance(node, Mapping) else start
        below = list(_entries(source, value, (*route, name)))
        last = max(_end(source, value, [entry.end for entry in below]), end_of_key)
        yield Entry((*route, name), start, last, value, column, flow)
        yield from below
        above = last


def _dash(source: Source, column: int, above: Position, begin: Position) -> Position:
    return next(
        (line, column)
        for line in range(begin[0], above[0] - 1, -1)
        if source.lines[line][column : column + 1] == "-" and (line, column) <= begin
    )


def _end(source: Source, value: Node, below: list[Position]) -> Position:
    line, column, end_line, end_column = value.marks
    if not isinstance(value, Scalar):
        is_flow = source.lines[line][column : column + 1] in ("[", "{")
        return (end_line, end_column) if is_flow or not below else max(below)
    if value.null or source.lines[line][column : column + 1] not in ("|", ">"):
        return end_line, end_column
    last = end_line if source.lines[end_line][:end_column].strip() else end_line - 1
    while last > line and not source.lines[last].strip():
        last -= 1
    return last, len(source.lines[last])


def first_difference(before: str, after: str) -> str:
    """What differs between the owners in two texts; empty if nothing does."""
    old, new = owners_of(before), owners_of(after)
    return "" if old == new else f"{sorted(map(str, old - new))} became {sorted(map(str, new - old))}"
