"""Print a laid-out tree in the canonical form: two spaces a level, at most ``WIDTH`` characters a line, keys in order.

Braces and brackets stay on one line, and blocks stay blocks; only braces that are too long, or have comments inside,
become blocks. A line with ``# fujin: ignore`` stays one line, because the comment is about that line.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from typing import Protocol

from fujin_cli.store.yaml.layout import BLANK, LayoutBranch, LayoutNode, block_header, block_lines, is_text_block
from fujin_cli.store.yaml.nodes import Mapping, Scalar
from fujin_cli.store.yaml.read import Source

WIDTH = 120
_STEP = "  "
# A text that needs no quotes in any position, for any reader of YAML: words. A text with a digit keeps its quotes: it
# may be a code or a time beside others that need quotes.
_PLAIN = re.compile(r"[^\W\d_](?:[^\W\d]|[ ./()+%·—–、，。；：！？（）《》-])*(?<! )")
_WORDS_OF_YAML = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "none"})


class OrderOfKeys(Protocol):
    """Give the order of the keys at one place of a file."""

    def under(self, key: str | int) -> OrderOfKeys:
        """Return the order of the value at ``key`` of a mapping, or at that index of a list."""

    def sort_keys(self, keys: list[str]) -> list[str]:
        """Sort ``keys`` in this order."""


def print_canonical(source: Source, root: LayoutBranch, order: OrderOfKeys) -> str:
    """Print the file in its canonical form. ``root`` is changed by it."""
    head, root.units[0].leading = root.units[0].leading, []
    arrange(root, order)
    lines = [*_drop_blank_start(head), *_Printer(source).block(root, 0)]
    return "\n".join(lines) + "\n"


def arrange(branch: LayoutBranch, order: OrderOfKeys) -> None:
    """Sort the nodes of the branch, and of all branches below it, by ``order``."""
    if isinstance(branch.node, Mapping):
        place = {key: at for at, key in enumerate(order.sort_keys([_name(unit) for unit in branch.units]))}
        branch.units.sort(key=lambda unit: place[_name(unit)])
    for at, unit in enumerate(branch.units):
        if isinstance(unit.value, LayoutBranch):
            arrange(unit.value, order.under(_name(unit) if unit.key else at))


class _Printer:
    """Print each part of the tree as lines; ``indent`` counts characters."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def block(self, branch: LayoutBranch, indent: int) -> list[str]:
        """Print the nodes, each on lines of its own."""
        lines: list[str] = []
        for at, unit in enumerate(branch.units):
            lines += self._print_node(unit, indent, first=at == 0)
        return lines + [_indent_line(line, indent) for line in branch.tail]

    def _print_node(self, unit: LayoutNode, indent: int, first: bool) -> list[str]:
        start = " " * indent + (f"{self._print_text(unit.key)}:" if unit.key else "-")
        inline = self._print_inline(unit.value, except_of=unit.last_inside)
        comment = _find_line_comment(unit)
        fits = inline is not None and len(start) + 1 + len(inline) <= WIDTH
        ignores = _ignores_a_finding(comment)
        if isinstance(unit.value, Scalar):
            lines = self._print_scalar(unit.value, start, indent, inline, foldable=not ignores)
        elif inline is not None and (fits or ignores) and not _needs_lines(unit, ignores):
            lines = [f"{start} {inline}"]
        else:
            if unit.key is None:
                _hoist(unit)
            comment = unit.trailing
            lines = self.block(unit.value, indent + len(_STEP))
            if unit.key is not None:
                lines = [start, *lines]
            else:
                lines[0] = f"{start} {lines[0].lstrip()}"
        if comment:
            lines[0] = _append_comment(lines[0], *comment)
        leading = _drop_blank_start(unit.leading) if first else unit.leading
        return [_indent_line(line, indent) for line in leading] + lines

    def _print_scalar(self, scalar: Scalar, start: str, indent: int, inline: str | None, foldable: bool) -> list[str]:
        if inline is None:
            return self._print_text_block(scalar, start, indent)
        line = f"{start} {inline}".rstrip()
        if len(line) <= WIDTH or not foldable or not _can_fold(scalar.text):
            return [line]
        inside = " " * (indent + len(_STEP))
        wrapped = textwrap.wrap(
            scalar.text,
            WIDTH - len(inside),
            break_long_words=False,
            break_on_hyphens=False,
            replace_whitespace=False,
            expand_tabs=False,
        )
        return [f"{start} >-", *(inside + part for part in wrapped)] if len(wrapped) > 1 else [line]

    def _print_text_block(self, scalar: Scalar, start: str, indent: int) -> list[str]:
        """Print a text that was written as a block with new indentation; a folded one (``>``) keeps its lines."""
        sign = block_header(self.source, scalar)
        text = scalar.text.rstrip("\n")
        if sign[0] == ">" and not text[-1].isspace():
            raw = block_lines(self.source, scalar)
            lines = [line[_measure_indentation(scalar, raw) :] for line in raw]
        else:  # its lines lack the blanks at the end, which count
            lines = scalar.text.removesuffix("\n").split("\n")
            sign = sign.replace(">", "|")
        level = (
            str(len(_STEP)) if scalar.text.lstrip("\n")[0] in " \t" else ""
        )  # else its leading blanks would count as indentation
        end = "-" if "-" in sign or text == scalar.text else "+" if "+" in sign else ""
        inside = " " * (indent + len(_STEP))
        return [f"{start} {sign[0]}{level}{end}", *(inside + line if line else "" for line in lines)]

    def _print_inline(self, value: LayoutBranch | Scalar, except_of: LayoutNode | None = None) -> str | None:
        """Print the value on one line; None if it takes several, or has comments, other than of ``except_of``."""
        if isinstance(value, Scalar):
            return None if self._is_block(value) else self._print_text(value)
        if not value.flow or value.has_comments(except_of):
            return None
        parts = [self._print_inline_part(unit, except_of) for unit in value.units]
        if any(part is None for part in parts):
            return None
        inside = ", ".join(part for part in parts if part is not None)
        return f"{{{inside}}}" if isinstance(value.node, Mapping) else f"[{inside}]"

    def _print_inline_part(self, unit: LayoutNode, except_of: LayoutNode | None) -> str | None:
        inside = self._print_inline(unit.value, except_of)
        if not inside:  # a missing value, which cannot be written in braces
            return None
        return f"{self._print_text(unit.key)}: {inside}" if unit.key else inside

    def _is_block(self, scalar: Scalar) -> bool:
        return is_text_block(self.source, scalar) and bool(scalar.text.strip())

    def _print_text(self, scalar: Scalar) -> str:
        """Print a text on one line, with quotes if it needs them."""
        line, column, *_ = scalar.marks
        if scalar.null:
            return scalar.text
        quoted = self.source.lines[line][column : column + 1] in ('"', "'", "|", ">")
        quoted = quoted or scalar.text.startswith(("---", "..."))  # which begin and end a document
        if (not quoted and "\n" not in scalar.text) or _is_plain(scalar.text):
            return scalar.text
        return _quote(scalar.text)


def _measure_indentation(scalar: Scalar, raw: list[str]) -> int:
    """Count the characters of indentation in each line of a block of text."""
    first_line = next(text for text in scalar.text.split("\n") if text.strip())
    return _count_blanks(next(text for text in raw if text.strip())) - _count_blanks(first_line)


def _is_plain(text: str) -> bool:
    return bool(_PLAIN.fullmatch(text)) and text.lower() not in _WORDS_OF_YAML


def _quote(text: str) -> str:
    if "\n" not in text and "\t" not in text and ('"' in text or "\\" in text):
        return "'" + text.replace("'", "''") + "'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _can_fold(text: str) -> bool:
    return " " in text and text == text.strip() and not re.search(r"[^\S ]|  ", text)


def _hoist(unit: LayoutNode) -> None:
    """Move comments above the first key of a list member, and a comment after a lone dash, to above the dash."""
    if unit.trailing:
        unit.leading.append(unit.trailing[1])
        unit.trailing = None
    if isinstance(unit.value, LayoutBranch) and unit.value.units:
        first = unit.value.units[0]
        if first.key is None and isinstance(first.value, LayoutBranch) and first.value.units:
            _hoist(first)
        unit.leading += [line for line in first.leading if line != BLANK]
        first.leading = []


def _find_line_comment(unit: LayoutNode) -> tuple[int, str] | None:
    """Find the comment at the end of a node's line, if the node is printed on one line."""
    return unit.last_inside.trailing if unit.last_inside else unit.trailing


def _needs_lines(unit: LayoutNode, ignores: bool) -> bool:
    """Tell whether a comment would belong to something else if its list or mapping were on one line.

    It belongs to the brackets as a whole, where behind them it would belong to the last node; or it ignores a finding
    of one of several lines.
    """
    if not isinstance(unit.value, LayoutBranch) or not unit.value.units:
        return False
    return unit.trailing is not None or (ignores and unit.start[0] < unit.end[0])


def _ignores_a_finding(comment: tuple[int, str] | None) -> bool:
    return comment is not None and "fujin:" in comment[1]


def _append_comment(line: str, column: int, comment: str) -> str:
    """Append a comment to a line, at its old column if there is room on both sides."""
    nearest = len(line) + 2
    place = column if column >= nearest and column + len(comment) <= WIDTH else nearest
    return f"{line:<{place}}{comment}"


def _indent_line(line: str, indent: int) -> str:
    return " " * indent + line if line else BLANK


def _drop_blank_start(lines: Iterable[str]) -> list[str]:
    remaining = list(lines)
    while remaining and remaining[0] == BLANK:
        remaining.pop(0)
    return remaining


def _count_blanks(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def _name(unit: LayoutNode) -> str:
    return unit.key.text if unit.key else ""
