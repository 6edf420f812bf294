"""Formats YAML files, and proves of each that only its layout has changed before anybody writes it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from fujin_cli.core.findings.finding import Finding
from fujin_cli.store.schema.check import check_shape
from fujin_cli.store.schema.key_order import KeyOrder, arranged, order_of
from fujin_cli.store.schema.shapes.kinds import KINDS
from fujin_cli.store.yaml.comments import comments_in
from fujin_cli.store.yaml.layout import laid_out
from fujin_cli.store.yaml.printer import printed
from fujin_cli.store.yaml.read import Source, read_yaml, uses_anchors

Print = Callable[[Source, Any, KeyOrder], str]


class LayoutFault(Exception):
    """A fault of the printer: what it made does not say what the file says. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Formatted:
    """A file and its canonical text. ``left`` says why a file stays as it is: it cannot be read, or has anchors."""

    path: str
    text: str
    formatted: str
    findings: tuple[Finding, ...] = ()
    left: Literal["", "unreadable", "anchors"] = ""

    @property
    def changed(self) -> bool:
        """Whether formatting changes it."""
        return self.text != self.formatted


def formatted(data: bytes, path: str, print_: Print = printed) -> Formatted:
    """The file in ``data`` and its canonical text. Raises LayoutFault rather than give a text that says anything else.

    What cannot be read is left as it is, with its findings, and so is what uses anchors: an alias is no tree.
    """
    text = data.decode("utf-8", "replace")
    source = read_yaml(data, path)
    if source.findings or source.root_node is None:
        return Formatted(path, text, text, tuple(source.findings or check_shape(source).findings), "unreadable")
    if uses_anchors(source.text):
        return Formatted(path, text, text, left="anchors")
    root = laid_out(source)
    if root is None:
        return Formatted(path, text, text, tuple(check_shape(source).findings), "unreadable")
    order = order_of(next((key for key in source.tree if key in KINDS), ""))
    made = print_(source, root, order)
    if made != source.text and not says_the_same(source, read_yaml(made.encode(), path), order):
        raise LayoutFault(path)
    return Formatted(path, text, made)


def says_the_same(old: Source, new: Source, order: KeyOrder) -> bool:
    """Whether two files hold the same tree but for the order of the language's keys, the same comments, and mean it.

    Names that people gave must stand in the same order. A procedure is compiled from both, since that is what runs.
    """
    if new.findings or new.tree != old.tree or _text(new.tree) != _text(arranged(old.tree, order)):
        return False
    return _comments(old) == _comments(new) and _meaning(old) == _meaning(new)


def _text(tree: Any) -> str:
    return json.dumps(tree, ensure_ascii=False)


def _comments(source: Source) -> Counter[str]:
    return Counter(source.lines[line][column:].rstrip() for line, column in comments_in(source).items())


def _meaning(source: Source) -> str:
    """What the file says once it is compiled, in the order in which it is kept."""
    from fujin_cli.core.model.compile_procedure import compile_procedure

    checked = check_shape(source)
    said = sorted(finding.code for finding in checked.findings if finding.code != "FJ008")  # its kind comes first now
    if checked.kind != "procedure" or checked.tree is None or not checked.tree.get("steps"):
        return repr(said)
    version = replace(compile_procedure(checked.tree, source.path), digest="")
    return repr((said, version))
