"""Replace values in the text of a YAML file; every other byte, and so every comment, stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from fujin_cli.core.findings.finding import Edit, Place, Route
from fujin_cli.core.findings.fix import apply_edits, line_offsets
from fujin_cli.store.yaml.nodes import Mapping as MappingNode
from fujin_cli.store.yaml.nodes import Node, Scalar, span_from
from fujin_cli.store.yaml.nodes import Sequence as SequenceNode
from fujin_cli.store.yaml.read import Source, read_yaml
from fujin_cli.store.yaml.scalars import write_flow, write_scalar

Value = str | Sequence[object] | Mapping[str, object]


def set_values(text: str, values: Mapping[Route, Value]) -> str:
    """Replace the value at each route by another; the file must have the route and be readable. Raises KeyError."""
    root = read_yaml(text.encode(), "").root_node
    edits = []
    for route, value in values.items():
        node = _find_node(root, route)
        edits.append(Edit("exact", Place("", route, span=span_from(node.marks)), write_flow(value)))
    return apply_edits(text, edits)


def replace_scalars(text: str, scalars: Iterable[tuple[Scalar, str]], others: Iterable[Edit] = ()) -> str:
    """Replace scalars of a file that was read by other texts; one in quotes stays in quotes. Apply ``others``, too."""
    starts = line_offsets(text)
    edits = {}
    for scalar, new in scalars:
        offset = starts[scalar.marks[0]] + scalar.marks[1]
        quoted = text[offset : offset + 1] in ('"', "'")
        edits[scalar.marks] = Edit("exact", Place("", span=span_from(scalar.marks)), write_scalar(new, quoted=quoted))
    return apply_edits(text, [*edits.values(), *others])


def insert_pair(source: Source, mapping: MappingNode, pair: str) -> Edit:
    """Make the edit that adds ``key: value`` as the first pair of a mapping that has others."""
    line, column = next(iter(mapping.pairs.values()))[0].marks[:2]
    is_flow = source.lines[mapping.marks[0]][mapping.marks[1] : mapping.marks[1] + 1] == "{"
    text = f"{pair}, " if is_flow else f"{pair}\n{' ' * column}"
    return Edit("exact", Place(source.path, span=span_from((line, column, line, column))), text)


def _find_node(root: Node | None, route: Route) -> Node:
    """Find the node at a route. Raises KeyError."""
    node = root
    for part in route:
        if isinstance(node, MappingNode) and part in node.pairs:
            node = node.pairs[str(part)][1]
        elif isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.members):
            node = node.members[part]
        else:
            raise KeyError(route)
    if node is None:
        raise KeyError(route)
    return node
