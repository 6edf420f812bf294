"""Add days to ``calendar: years:`` of workspace.yaml; all lines outside of that block, and every comment, stay."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from fujin_cli.store.yaml.comments import find_comments
from fujin_cli.store.yaml.read import Source, read_yaml

YearDays = Mapping[int, Mapping[str, Iterable[date]]]  # by year: holidays and workdays


class CannotEdit(Exception):
    """The file cannot be changed without losing a comment or touching other lines."""


def add_calendar_days(text: str, path: str, years: YearDays) -> str:
    """Return the text of workspace.yaml with these days added. Raises CannotEdit."""
    newline = "\r\n" if "\r\n" in text else "\n"
    source = read_yaml(text.replace("\r\n", "\n").encode(), path)
    begin, end = _find_block(source)
    lines = source.text.split("\n")
    block = _write_block("\n".join(lines[begin:end]), years)
    changed = "\n".join([*lines[:begin], *block.rstrip("\n").split("\n"), *lines[end:]])
    _check_only_calendar_changed(source, read_yaml(changed.encode(), path))
    return changed.replace("\n", newline)


def write_year_lines(years: YearDays) -> str:
    """Write the days as they would stand in workspace.yaml."""
    return _write_block("", years)


def _find_block(source: Source) -> tuple[int, int]:
    """Find the lines of the key ``calendar``; an empty range before trailing blank lines where there is none."""
    pairs = getattr(source.root_node, "pairs", None)
    if source.findings or not pairs:
        raise CannotEdit
    if "calendar" not in pairs:
        end = len(source.text.rstrip("\n").split("\n"))
        return end, end
    key, value = pairs["calendar"]
    end = max(value.marks[2] + (value.marks[3] > 0), key.marks[0] + 1)
    lines = source.text.split("\n")
    while end > key.marks[0] + 1 and lines[end - 1].lstrip()[:1] in ("", "#"):
        end -= 1
    return key.marks[0], end


def _write_block(block: str, years: YearDays) -> str:
    """Add the days to the text of the key ``calendar`` alone. Raises CannotEdit."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap
    from ruamel.yaml.error import YAMLError

    yaml = YAML(pure=True)
    yaml.preserve_quotes = True
    yaml.width = 120
    try:
        document = yaml.load(block) or CommentedMap()
    except YAMLError:
        raise CannotEdit from None
    calendar = document.get("calendar")
    if not isinstance(calendar, CommentedMap):
        if calendar not in (None, "none"):
            raise CannotEdit
        calendar = document["calendar"] = CommentedMap()
    calendar.fa.set_block_style()
    listed = calendar.get("years")
    if not isinstance(listed, CommentedMap):
        listed = calendar["years"] = CommentedMap()
    listed.fa.set_block_style()
    for year, days in sorted(years.items()):
        name: Any = next((name for name in listed if str(name) == str(year)), year)
        if not isinstance(listed.get(name), CommentedMap):
            listed[name] = CommentedMap()
            listed[name].fa.set_flow_style()
        for key, added in days.items():
            _append_days(listed[name], key, _join_days(added))
    stream = io.StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()


def _append_days(year: Any, key: str, days: list[Any]) -> None:
    from ruamel.yaml.comments import CommentedSeq

    listed = year.get(key)
    if isinstance(listed, CommentedSeq):
        listed.extend(days)
    elif days:
        year[key] = CommentedSeq([listed, *days] if listed else days)
        year[key].fa.set_flow_style()


def _join_days(days: Iterable[date]) -> list[Any]:
    """Join days that follow each other: ``2027-02-05/2027-02-12``; a single day stays a date."""
    runs: list[list[date]] = []
    for day in sorted(set(days)):
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return [run[0] if len(run) == 1 else f"{run[0]}/{run[-1]}" for run in runs]


def _check_only_calendar_changed(old: Source, new: Source) -> None:
    """Check that the new text has every comment of the old one, and the same values outside of the calendar."""
    before, after = _comments_of(old), _comments_of(new)
    trees = [{key: value for key, value in source.tree.items() if key != "calendar"} for source in (old, new)]
    if new.findings or before != after or trees[0] != trees[1]:
        raise CannotEdit


def _comments_of(source: Source) -> list[str]:
    lines = source.text.split("\n")
    return [lines[number][column:].rstrip() for number, column in sorted(find_comments(source).items())]
