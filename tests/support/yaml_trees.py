"""Plain trees of YAML texts, and the shipped workspace as the core knows it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from fujin_cli.core.model.workspace import File, Workspace, build_workspace
from fujin_cli.store.workspace.calendar_years import calendar_data
from tests.support.paths import ROOT

HOURS = ("08:30-11:30", "13:30-17:00")


def plain(node: Node) -> Any:
    """A YAML node as plain data: every scalar is text, an empty one is None."""
    if isinstance(node, ScalarNode):
        return node.value or None
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.value]
    assert isinstance(node, MappingNode)
    return {key.value: plain(value) for key, value in node.value}


def tree_of(text: str) -> dict[str, Any]:
    """The plain tree of a YAML text."""
    tree: dict[str, Any] = plain(YAML(typ="safe").compose(text))
    return tree


def file_of(path: str, tree: Mapping[str, Any]) -> File:
    """A workspace's file; its kind is its first key."""
    kind = next(iter(tree))
    return File(path, kind, tree[kind] if isinstance(tree[kind], str) else kind, tree)


@cache
def city() -> Workspace:
    """The workspace that is shipped: Fujin, with the national calendar."""
    root = ROOT / "workflows"
    files = [file_of(str(path), tree_of(path.read_text("utf-8"))) for path in sorted(root.rglob("*.yaml"))]
    return build_workspace(files, calendar_data("CN", "Asia/Shanghai", HOURS, {}))
