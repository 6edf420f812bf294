"""Where the comments of a YAML file stand. The parser drops them, so they are looked for beside it.

What stands outside every text of the file and begins with ``#`` is a comment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from fujin_cli.store.yaml.read import Source, scalar_marks

Columns = Mapping[int, list[tuple[int, int]]]


def comments_in(source: Source) -> dict[int, int]:
    """Line → column of its comment, both from 0, of a file that can be read."""
    if "#" not in source.text:
        return {}
    inside = texts_in(source)
    found = {}
    for number, line in enumerate(source.lines):
        column = line.find("#")
        while column >= 0:
            if not any(start <= column < end for start, end in inside.get(number, ())):
                found[number] = column
                break
            column = line.find("#", column + 1)
    return found


def texts_in(source: Source) -> Columns:
    """Line → the columns that texts take there; a block of text (``|``) begins on the line below its sign."""
    inside: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for line, column, end_line, end_column, block in scalar_marks(source.text):
        for number in range(line + 1 if block else line, end_line + 1):
            start = column if number == line else 0
            inside[number].append((start, end_column if number == end_line else len(source.lines[number])))
    return inside
