"""Format YAML files, and check before writing that the formatted text has the same meaning."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from fujin_cli.core.findings.finding import Finding
from fujin_cli.store.schema.check import check_shape
from fujin_cli.store.schema.key_order import KeyOrder, order_of, sort_keys
from fujin_cli.store.schema.shapes.kinds import KINDS
from fujin_cli.store.yaml.comment_owners import has_same_owners
from fujin_cli.store.yaml.comment_placement import lay_out
from fujin_cli.store.yaml.printer import print_canonical
from fujin_cli.store.yaml.read import Source, read_yaml, uses_anchors

Printer = Callable[[Source, Any, KeyOrder], str]


class LayoutFault(Exception):
    """The printer has a bug: its text does not mean the same as the file. Nothing was written."""


@dataclass(frozen=True, slots=True)
class FormattedFile:
    """Hold a file's text and its formatted text; ``skipped`` is the reason why a file was not formatted."""

    path: str
    text: str
    formatted: str
    findings: tuple[Finding, ...] = ()
    skipped: Literal["", "unreadable", "anchors"] = ""

    @property
    def changed(self) -> bool:
        """Whether formatting changes the file."""
        return self.text != self.formatted


def format_file(content: bytes, path: str, printer: Printer = print_canonical) -> FormattedFile:
    """Format the file ``content``. Raises LayoutFault if the formatted text would have another meaning.

    A file that cannot be read is not changed, and its findings are returned. A file with anchors is not changed either,
    since its aliases make a graph, and the printer prints trees.
    """
    text = content.decode("utf-8", "replace")
    source = read_yaml(content, path)
    if source.findings or source.root_node is None:
        return FormattedFile(path, text, text, tuple(source.findings or check_shape(source).findings), "unreadable")
    if uses_anchors(source.text):
        return FormattedFile(path, text, text, skipped="anchors")
    root = lay_out(source)
    if root is None:
        return FormattedFile(path, text, text, tuple(check_shape(source).findings), "unreadable")
    order = order_of(next((key for key in source.tree if key in KINDS), ""))
    new_text = printer(source, root, order)
    if new_text != source.text and not has_same_meaning(source, read_yaml(new_text.encode(), path), order):
        raise LayoutFault(path)
    return FormattedFile(path, text, new_text)


def has_same_meaning(old: Source, new: Source, order: KeyOrder) -> bool:
    """Compare trees, owners of comments, and compiled meaning; only keys of the language may change their order.

    The names that people chose must be in the same order. A procedure is compiled from both files, since the compiled
    procedure is what runs.
    """
    if new.findings or new.tree != old.tree or _decode_text(new.tree) != _decode_text(sort_keys(old.tree, order)):
        return False
    return has_same_owners(old, new) and _describe_meaning(old) == _describe_meaning(new)


def _decode_text(tree: Any) -> str:
    return json.dumps(tree, ensure_ascii=False)


def _describe_meaning(source: Source) -> str:
    """Describe what a file means: the codes of its findings, and the compiled procedure."""
    from fujin_cli.core.model.compile_procedure import compile_procedure

    checked = check_shape(source)
    codes = sorted(finding.code for finding in checked.findings if finding.code != "FJ008")  # formatting fixes it
    if checked.kind != "procedure" or checked.tree is None or not checked.tree.get("steps"):
        return repr(codes)
    version = replace(compile_procedure(checked.tree, source.path), digest="")
    return repr((codes, version))
