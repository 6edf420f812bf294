"""Compose the tree from the parser's events, in one pass without recursion; problems become findings.

ruamel's own composer is not used: it recurses in C (deep nesting kills the process), lets aliases form cycles, silently
keeps the last of two equal keys, and loses the positions of tags and merge keys.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fujin_cli.core.findings.finding import Edit, Finding, Fix, Place
from fujin_cli.core.text.half_width import narrow_code
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.yaml.limits import ALIASED, DEPTH, FORBIDDEN, NODE_WEIGHT, NODES
from fujin_cli.store.yaml.nodes import Mapping, Marks, Node, Scalar, Sequence, error, span_from

NULLS = frozenset({"", "~", "null", "Null", "NULL"})  # YAML 1.2, core schema


class AliasLimitError(Exception):
    """Report aliases that would expand or nest the file beyond the limits."""


class Composer:
    """Compose ``root`` and ``findings`` from events, until ``take`` returns False."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.findings: list[Finding] = []
        self.root: Node | None = None
        self.complete = True
        self._open: list[Mapping | Sequence] = []
        self._keys: list[Scalar | None] = []  # for each open node: the key whose value comes next
        self._dropped: set[int] = set()  # ids of keys whose value is read and dropped
        self._duplicates: dict[int, int] = {}  # ids of duplicate keys: the index of their finding
        self._anchors: dict[str, Node] = {}
        self._documents = 0
        self._nodes = 0
        self._aliased = 0
        self._takers: dict[str, Callable[[Any], bool]] = {
            "ScalarEvent": self._compose_scalar,
            "MappingStartEvent": self._compose_mapping,
            "SequenceStartEvent": self._compose_sequence,
            "MappingEndEvent": self._end,
            "SequenceEndEvent": self._end,
            "AliasEvent": self._compose_alias,
            "DocumentStartEvent": self._compose_document,
        }

    def take(self, event: Any) -> bool:
        """Read one event of ruamel's parser; False means that the rest of the file must not be read."""
        taker = self._takers.get(type(event).__name__)
        return taker is None or taker(event)

    def _compose_document(self, event: Any) -> bool:
        self._documents += 1
        if self._documents > 1:
            self._refuse(
                _marks_of(event), say("a second document begins here; a file has one"), say("split it into two files")
            )
        return self._documents == 1

    def _compose_scalar(self, event: Any) -> bool:
        marks, text = _marks_of(event), event.value
        if event.style == '"' and FORBIDDEN.search(text):
            message = say("this escape stands for an invisible character")
            self.findings.append(error("FJ007", self.path, marks, message, say("delete it")))
            text = FORBIDDEN.sub("\ufffd", text)
        if not text.isascii():
            text = narrow_code(text)
        scalar = Scalar(marks, text, null=not event.style and text in NULLS)
        if event.anchor or event.tag:
            self._note_anchor_and_tag(event, scalar)
        self._attach(scalar, scalar.plain)
        return self._count(marks)

    def _compose_mapping(self, event: Any) -> bool:
        return self._begin(event, Mapping(_marks_of(event)))

    def _compose_sequence(self, event: Any) -> bool:
        return self._begin(event, Sequence(_marks_of(event)))

    def _begin(self, event: Any, node: Mapping | Sequence) -> bool:
        if len(self._open) == DEPTH:
            return self._stop(node.marks, say("nested more than {count} levels deep", count=DEPTH))
        self._note_anchor_and_tag(event, node)
        self._open.append(node)
        self._keys.append(None)
        return self._count(node.marks)

    def _end(self, event: Any) -> bool:
        node = self._open.pop()
        self._keys.pop()
        node.marks = (*node.marks[:2], event.end_mark.line, event.end_mark.column)
        self._attach(node, node.plain)
        return True

    def _compose_alias(self, event: Any) -> bool:
        marks, node = _marks_of(event), self._anchors.get(event.anchor)
        if node is None:
            self._refuse(marks, say("no anchor &{name} is defined before this alias", name=event.anchor))
            node = Scalar(marks, "", null=True)
        elif any(node is ancestor for ancestor in self._open):
            self._refuse(marks, say("the alias *{name} is inside its own anchor", name=event.anchor))
            node = Scalar(marks, "", null=True)
        elif isinstance(node, Scalar):
            node = Scalar(marks, node.text, node.null)
        try:
            self._attach(node, self._copy(node.plain, len(self._open)))
        except AliasLimitError:
            return self._stop(marks, say("the aliases expand this file beyond the limit"))
        return self._count(marks)

    def _copy(self, plain: Any, level: int) -> Any:
        self._aliased += NODE_WEIGHT + (len(plain) if isinstance(plain, str) else 0)
        if self._aliased > ALIASED or level > DEPTH:
            raise AliasLimitError
        if isinstance(plain, dict):
            return {key: self._copy(value, level + 1) for key, value in plain.items()}
        if isinstance(plain, list):
            return [self._copy(part, level + 1) for part in plain]
        return plain

    def _note_anchor_and_tag(self, event: Any, node: Node) -> None:
        if event.anchor:
            self._anchors[event.anchor] = node
        if event.tag:
            self._refuse(
                node.marks, say("tags such as {tag} are not supported", tag=str(event.tag)), say("delete the tag")
            )

    def _attach(self, node: Node, plain: Any) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if isinstance(parent, Sequence):
            parent.members.append(node)
            parent.plain.append(plain)
            return
        key = self._keys[-1]
        if key is None:
            self._keys[-1] = self._compose_key(parent, node)
            return
        self._keys[-1] = None
        if id(key) in self._dropped:
            self._dropped.discard(id(key))
            self._offer_deletion(parent, key, node, plain)
        else:
            parent.pairs[key.text] = key, node
            parent.plain[key.text] = plain

    def _offer_deletion(self, parent: Mapping, key: Scalar, node: Node, plain: Any) -> None:
        """Add a fix that deletes a duplicate key, if it has the same value and is on one line."""
        at = self._duplicates.pop(id(key), None)
        if at is None or plain != parent.plain[key.text] or node.marks[0] != node.marks[2]:
            return
        place = Place(self.path, span=span_from((*key.marks[:2], *node.marks[2:])))
        fix = Fix(say("delete the second one, which is a duplicate"), True, (Edit("delete", place),))
        self.findings[at] = replace(self.findings[at], fix=fix)

    def _compose_key(self, parent: Mapping, node: Node) -> Scalar:
        if not isinstance(node, Scalar):
            self._refuse(_beginning(node), say("a key is a word, not a list or a mapping"))
            node = Scalar(node.marks, "")
            self._dropped.add(id(node))
        elif node.null and not node.text:
            self._refuse(node.marks, say("a key is missing before the colon"))
            self._dropped.add(id(node))
        elif node.text == "<<":
            self._refuse(node.marks, say("merge keys (<<) are not supported"), say("write the keys out"))
            self._dropped.add(id(node))
        elif node.text in parent.pairs:
            first = parent.pairs[node.text][0]
            message = say("duplicate key {key}", key=node.text)
            related = ((say("first defined here"), first.marks),)
            help = say("delete one of the two, or rename it")
            self._duplicates[id(node)] = len(self.findings)
            self.findings.append(error("FJ002", self.path, node.marks, message, help, related))
            self._dropped.add(id(node))
        return node

    def _count(self, marks: Marks) -> bool:
        self._nodes += 1
        if self._nodes > NODES:
            return self._stop(marks, say("the file has more than {count} values", count=NODES))
        return True

    def _stop(self, marks: Marks, message: LocalizedText) -> bool:
        self._refuse(marks, message, say("simplify the file"))
        self.complete = False
        return False

    def _refuse(self, marks: Marks, message: LocalizedText, help: LocalizedText | None = None) -> None:
        self.findings.append(error("FJ006", self.path, marks, message, help))

    def head(self) -> tuple[str, str] | None:
        """Return the first key of the file and its value if that is a text, even if the rest could not be read."""
        top = self._open[0] if self._open else self.root
        if not isinstance(top, Mapping):
            return None
        if not top.pairs:
            waiting = self._keys[0] if self._keys else None
            return None if waiting is None else (waiting.text, "")
        name, (_, value) = next(iter(top.pairs.items()))
        return name, value.text if isinstance(value, Scalar) else ""


def _marks_of(event: Any) -> Marks:
    start, end = event.start_mark, event.end_mark
    return start.line, start.column, end.line, end.column


def _beginning(node: Node) -> Marks:
    line, column, _, _ = node.marks
    return line, column, line, column + 1
