"""Prove that a changed file has every comment at the entry to which it belonged before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable

from fujin_cli.core.findings.finding import Edit
from fujin_cli.core.findings.fix import line_offsets
from fujin_cli.store.yaml.comment_placement import CommentPlace, comment_places
from fujin_cli.store.yaml.layout import LayoutBranch, LayoutNode, Position
from fujin_cli.store.yaml.read import Source

NameOfNode = Callable[[LayoutNode], Hashable]
Owners = tuple[Hashable, frozenset[Hashable]]  # the owner by itself, and all who own the comment as well


def has_same_owners(old: Source, new: Source) -> bool:
    """Tell whether two files with the same entries, in any order, have the same comments at the same entries."""
    remaining: dict[str, list[Owners]] = defaultdict(list)
    for place in comment_places(old):
        remaining[place.text].append(_owners(place, _route))
    uncertain = []
    for place in comment_places(new):
        owner, owners = _owners(place, _route)
        same = next((pair for pair in remaining[place.text] if pair[0] == owner), None)
        if same is None:
            uncertain.append((place.text, owners))
        else:
            remaining[place.text].remove(same)
    for text, owners in uncertain:
        same = next((pair for pair in remaining[text] if pair[1] & owners), None)
        if same is None:
            return False
        remaining[text].remove(same)
    return not any(remaining.values())


def edits_keep_owners(old: Source, new: Source, edits: Iterable[Edit]) -> bool:
    """Tell whether exact edits leave every comment that they do not delete at the entry to which it belonged."""
    old_starts, new_starts = line_offsets(old.text), line_offsets(new.text)
    moved = _Moved(old_starts, edits)
    owners_after = {
        new_starts[place.position[0]] + place.position[1]: _owners(
            place, lambda node: new_starts[node.start[0]] + node.start[1]
        )[1]
        for place in comment_places(new)
    }
    for place in comment_places(old):
        offset = moved.offset(place.position)
        if offset is None:
            continue
        owners = _owners(place, lambda node: moved.offset(node.start))[1]
        if not owners & owners_after.pop(offset, frozenset()):
            return False
    return not owners_after


def _owners(place: CommentPlace, name: NameOfNode) -> Owners:
    """Name who owns a comment.

    Above the first entry of a member of a list is above the member, since both begin on one line, and above the first
    entry of the file is above the file. A comment at the end of a line may go above, if a bracket alone is on the line.
    A comment behind brackets on one line is about all in them, in any order.
    """
    owner = place.owner
    if isinstance(owner, LayoutBranch):
        if owner.units or owner.owner is None:
            end = ("end", name(owner.owner) if owner.owner else "")
            return end, frozenset([end])
        owner = owner.owner
    names: list[Hashable] = [name(owner)]
    can_be_above = place.side == "leading" or isinstance(owner.value, LayoutBranch)
    node: LayoutNode | None = owner
    while can_be_above and node is not None and node.parent.units[0] is node:
        node = node.parent.owner
        if node is None:
            names.append("file")
        elif node.key is None:
            names.append(name(node))
        else:
            break
    if place.whole is not None:
        names.append(("line", name(place.whole)))
    return names[0], frozenset(part for part in names if part is not None)


def _route(node: LayoutNode) -> tuple[str | int, ...]:
    above = _route(node.parent.owner) if node.parent.owner else ()
    return (*above, node.key.text if node.key else node.parent.units.index(node))


class _Moved:
    """Compute where edits move the positions of a text."""

    def __init__(self, starts: list[int], edits: Iterable[Edit]) -> None:
        self.starts = starts
        spans = [(edit.place.span, edit.text) for edit in edits]
        self.changes = sorted(
            (starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1, len(text))
            for span, text in spans
            if span is not None
        )

    def offset(self, position: Position) -> int | None:
        """Give the new offset of a position; None if the text there is deleted."""
        old = self.starts[position[0]] + position[1]
        new = old
        for start, end, length in self.changes:
            if old < start:
                break
            if old < end:
                return new if length and old == start else None
            new += length - (end - start)
        return new
