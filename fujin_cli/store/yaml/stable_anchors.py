"""Names for places that stay the same when lines move: the keys that lead there, and list items by what they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fujin_cli.core.findings.finding import Finding
from fujin_cli.store.yaml.nodes import Mapping as MappingNode
from fujin_cli.store.yaml.nodes import Marks, Node, Scalar
from fujin_cli.store.yaml.nodes import Sequence as SequenceNode
from fujin_cli.store.yaml.read import Source, read_yaml


def anchors(findings: Iterable[Finding], texts: Mapping[str, str]) -> list[str]:
    """For each placed finding its place, such as ``steps/handling/actions/finish`` or ``staff/person=p-11/roles``.

    ``texts`` is path → text as it was validated. In a file that cannot be read it is the line itself.
    """
    read: dict[str, Source] = {}
    found = []
    for finding in findings:
        path, span = finding.place.path, finding.place.span
        if path not in texts or span is None:
            found.append("/".join(str(part) for part in finding.place.route))
            continue
        source = read.get(path)
        if source is None:
            source = read[path] = read_yaml(texts[path].encode("utf-8", "replace"), path)
        if source.root_node is None:
            found.append(source.lines[span.line - 1].strip() if span.line <= len(source.lines) else "")
        else:
            found.append("/".join(_symbols(source.root_node, (span.line - 1, span.column - 1))))
    return found


def _symbols(root: Node, at: tuple[int, int]) -> list[str]:
    """The keys that lead from ``root`` to the position ``at`` (line and column from 0), as far as there are any."""
    symbols: list[str] = []
    node: Node | None = root
    while node is not None and not isinstance(node, Scalar):
        symbol, node = _next(node, at)
        if symbol is not None:
            symbols.append(symbol)
    return symbols


def _next(node: MappingNode | SequenceNode, at: tuple[int, int]) -> tuple[str | None, Node | None]:
    if isinstance(node, MappingNode):
        for name, (key, value) in node.entries.items():
            if _within(key.marks, at):
                return name, None
            if _within(value.marks, at):
                return name, value
        return None, None
    for index, item in enumerate(node.items):
        if _within(item.marks, at):
            return _called(item, index), item
    return None, None


def _within(marks: Marks, at: tuple[int, int]) -> bool:
    return marks[:2] <= at < marks[2:]


def _called(item: Node, index: int) -> str:
    """What an item of a list is called: its text, or the first of its keys that has one, or its place in the list."""
    if isinstance(item, Scalar):
        return item.text
    if isinstance(item, MappingNode):
        for name, (_key, value) in item.entries.items():
            if isinstance(value, Scalar):
                return f"{name}={value.text}"
    return str(index)
