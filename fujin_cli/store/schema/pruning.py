"""A plain tree without some of its parts, remembering where what is left came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fujin_cli.core.findings.finding import Route


@dataclass(slots=True)
class Pruned:
    """``tree`` without ``removed``. ``kept``: for each list that lost items, the indices that remain.

    ``routes``: the route in the file of each mapping of ``tree``, by the mapping's identity.
    """

    tree: Any
    kept: dict[Route, tuple[int, ...]] = field(default_factory=dict)
    routes: dict[int, Route] = field(default_factory=dict)

    def route_of(self, location: tuple[str | int, ...]) -> Route:
        """The route in the file for a pydantic location in ``tree``; parts that are no keys (tags) are left out."""
        node: Any = self.tree
        route: Route = ()
        for part in location:
            if isinstance(node, dict) and part in node:
                node, route = node[part], (*route, part)
            elif isinstance(node, list) and isinstance(part, int) and part < len(node):
                kept = self.kept.get(route)
                node, route = node[part], (*route, part if kept is None else kept[part])
        return route


def prune(tree: Any, removed: set[Route]) -> Pruned:
    """A copy of ``tree`` without the parts at ``removed``."""
    pruned = Pruned(None)
    pruned.tree = _copy(tree, (), removed, pruned)
    return pruned


def _copy(tree: Any, route: Route, removed: set[Route], pruned: Pruned) -> Any:
    if isinstance(tree, dict):
        copy = {
            key: _copy(value, (*route, key), removed, pruned)
            for key, value in tree.items()
            if (*route, key) not in removed
        }
        pruned.routes[id(copy)] = route
        return copy
    if isinstance(tree, list):
        indices = tuple(index for index in range(len(tree)) if (*route, index) not in removed)
        if len(indices) < len(tree):
            pruned.kept[route] = indices
        return [_copy(tree[index], (*route, index), removed, pruned) for index in indices]
    return tree


def empty_places(tree: Any, route: Route = ()) -> list[Route]:
    """Where a key or an item of a list has no value."""
    if tree is None:
        return [route]
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [place for key, value in entries for place in empty_places(value, (*route, key))]
