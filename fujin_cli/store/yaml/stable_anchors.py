"""Name places in a way that survives moved lines: by the keys on their route, and list members by their content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fujin_cli.core.findings.finding import Finding
from fujin_cli.store.yaml.nodes import Mapping as MappingNode
from fujin_cli.store.yaml.nodes import Marks, Node, Scalar
from fujin_cli.store.yaml.nodes import Sequence as SequenceNode
from fujin_cli.store.yaml.read import Source, read_yaml


def make_anchors(findings: Iterable[Finding], texts: Mapping[str, str]) -> list[str]:
    """Name the place of each finding, such as ``steps/handling/actions/finish`` or ``staff/person=p-11/roles``.

    ``texts`` maps paths to the validated texts. In an unreadable file the name is the text of the line.
    """
    read: dict[str, Source] = {}
    names = []
    for finding in findings:
        path, span = finding.place.path, finding.place.span
        if path not in texts or span is None:
            names.append("/".join(str(part) for part in finding.place.route))
            continue
        source = read.get(path)
        if source is None:
            source = read[path] = read_yaml(texts[path].encode("utf-8", "replace"), path)
        if source.root_node is None:
            names.append(source.lines[span.line - 1].strip() if span.line <= len(source.lines) else "")
        else:
            names.append("/".join(_list_keys_to(source.root_node, (span.line - 1, span.column - 1))))
    return names


def _list_keys_to(root: Node, at: tuple[int, int]) -> list[str]:
    """List the keys on the way from ``root`` to the position ``at`` (line and column from 0)."""
    symbols: list[str] = []
    node: Node | None = root
    while node is not None and not isinstance(node, Scalar):
        symbol, node = _descend(node, at)
        if symbol is not None:
            symbols.append(symbol)
    return symbols


def _descend(node: MappingNode | SequenceNode, at: tuple[int, int]) -> tuple[str | None, Node | None]:
    if isinstance(node, MappingNode):
        for name, (key, value) in node.pairs.items():
            if _is_within(key.marks, at):
                return name, None
            if _is_within(value.marks, at):
                return name, value
        return None, None
    for index, member in enumerate(node.members):
        if _is_within(member.marks, at):
            return _name_member(member, index), member
    return None, None


def _is_within(marks: Marks, at: tuple[int, int]) -> bool:
    return marks[:2] <= at < marks[2:]


def _name_member(member: Node, index: int) -> str:
    """Name a list member: by its text, else by its first key with a text, else by its index."""
    if isinstance(member, Scalar):
        return member.text
    if isinstance(member, MappingNode):
        for name, (_key, value) in member.pairs.items():
            if isinstance(value, Scalar):
                return f"{name}={value.text}"
    return str(index)
