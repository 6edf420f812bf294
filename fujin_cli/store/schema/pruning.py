"""Copy a plain tree without some of its parts, and map the rest back to routes in the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fujin_cli.core.findings.finding import Route


@dataclass(slots=True)
class Pruned:
    """Hold a pruned tree: ``remaining_indices`` has the remaining indices of each list that lost items.

    ``routes`` maps the identity of each mapping in ``tree`` to its route in the file.
    """

    tree: Any
    remaining_indices: dict[Route, tuple[int, ...]] = field(default_factory=dict)
    routes: dict[int, Route] = field(default_factory=dict)

    def route_of(self, location: tuple[str | int, ...]) -> Route:
        """Map a pydantic location in ``tree`` to its route in the file; parts that are tags, not keys, are dropped."""
        node: Any = self.tree
        route: Route = ()
        for part in location:
            if isinstance(node, dict) and part in node:
                node, route = node[part], (*route, part)
            elif isinstance(node, list) and isinstance(part, int) and part < len(node):
                remaining_indices = self.remaining_indices.get(route)
                node, route = node[part], (*route, part if remaining_indices is None else remaining_indices[part])
        return route


def prune(tree: Any, removed: set[Route]) -> Pruned:
    """Copy ``tree`` without the parts at the routes in ``removed``."""
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
            pruned.remaining_indices[route] = indices
        return [_copy(tree[index], (*route, index), removed, pruned) for index in indices]
    return tree


def find_empty_routes(tree: Any, route: Route = ()) -> list[Route]:
    """Find the routes of keys and list items that have no value."""
    if tree is None:
        return [route]
    children = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [place for key, value in children for place in find_empty_routes(value, (*route, key))]
