"""Find the comments of a YAML file, which the parser drops.

A ``#`` outside every text of the file begins a comment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from fujin_cli.store.yaml.read import Source, scalar_marks

Columns = Mapping[int, list[tuple[int, int]]]


def find_comments(source: Source) -> dict[int, int]:
    """Map each line of a readable file that has a comment to the comment's column (both from 0)."""
    if "#" not in source.text:
        return {}
    inside = find_texts(source)
    columns = {}
    for number, line in enumerate(source.lines):
        column = line.find("#")
        while column >= 0:
            if not any(start <= column < end for start, end in inside.get(number, ())):
                columns[number] = column
                break
            column = line.find("#", column + 1)
    return columns


def find_texts(source: Source) -> Columns:
    """Map each line to the columns of its texts; a block of text (``|``) begins on the line below its sign."""
    inside: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for line, column, end_line, end_column, block in scalar_marks(source.text):
        for number in range(line + 1 if block else line, end_line + 1):
            start = column if number == line else 0
            inside[number].append((start, end_column if number == end_line else len(source.lines[number])))
    return inside
