"""``# fujin: ignore[FJ210] reason``: findings that somebody decided to live with, by comments on their lines.

A comment on a line of its own is about the next line that is none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from fujin_cli.core.findings.finding import Edit, Finding, Fix, Place, Span, makes_unfit
from fujin_cli.core.text.message import say
from fujin_cli.store.yaml.comments import comments_in
from fujin_cli.store.yaml.read import Source

_MEANT = re.compile(r"#+\s*fujin:\s*(ign.*)")
_WRITTEN = re.compile(r"ignore\[\s*(FJ\d{3}(?:\s*,\s*FJ\d{3})*)\s*\](.*)")


@dataclass(frozen=True, slots=True)
class Ignore:
    """One comment: its codes (none where it is not understood), its reason, its place, the line it is about."""

    codes: tuple[str, ...]
    reason: str
    place: Place
    line: int
    listed: Span | None = None  # where its codes stand


def without_ignored(findings: Iterable[Finding], sources: Mapping[str, Source]) -> list[Finding]:
    """The findings that nobody ignores, and those about the comments themselves. All of them have their spans.

    What makes a file unfit to be worked with cannot be ignored: the commands would refuse it all the same.
    """
    ignores = [ignore for source in sources.values() for ignore in ignores_in(source)]
    about: dict[tuple[str, int, str], list[Ignore]] = defaultdict(list)
    for ignore in ignores:
        for code in ignore.codes:
            about[ignore.place.path, ignore.line, code].append(ignore)
    kept, used, refused = [], set(), set()
    for finding in findings:
        line = finding.place.span.line if finding.place.span else 0
        named = [(id(ignore), finding.code) for ignore in about.get((finding.place.path, line, finding.code), ())]
        if named and not makes_unfit(finding):
            used.update(named)
        else:
            refused.update(named)
            kept.append(finding)
    for ignore in ignores:
        unused = [code for code in ignore.codes if (id(ignore), code) not in used]
        kept += _problems(ignore, unused, {code for code in unused if (id(ignore), code) in refused})
    return kept


def _problems(ignore: Ignore, unused: list[str], refused: set[str]) -> Iterator[Finding]:
    form = say("write {example}", example="# fujin: ignore[FJ210] …")
    if not ignore.codes:
        yield Finding("FJ022", "warning", say("this ignore comment names no code"), ignore.place, form)
    elif not ignore.reason:
        yield Finding(
            "FJ021",
            "error",
            say("this comment gives no reason for ignoring"),
            ignore.place,
            say("write the reason after the bracket"),
        )
    for code in unused:
        if code in refused:
            message = say("{code} cannot be ignored: the file cannot be used with it", code=code)
            help = say("fix the finding, and delete the comment")
            yield Finding("FJ022", "warning", message, ignore.place, help, fix=_without(ignore, code))
        else:
            message = say("this comment ignores nothing: there is no {code} here", code=code)
            yield Finding("FJ022", "warning", message, ignore.place, say("delete it"), fix=_without(ignore, code))


def _without(ignore: Ignore, code: str) -> Fix:
    """Delete the comment, or of several codes the one that ignores nothing."""
    if ignore.codes == (code,):
        return Fix(say("delete the comment"), True, (Edit("delete", ignore.place),))
    kept = ", ".join(other for other in ignore.codes if other != code)
    edit = Edit("replace", Place(ignore.place.path, span=ignore.listed), kept)
    return Fix(say("delete {code} from the comment", code=code), True, (edit,))


def ignores_in(source: Source) -> list[Ignore]:
    """The comments of a file that can be read which are meant to ignore something, in order."""
    if "fujin:" not in source.text or source.root_node is None:
        return []
    comments = comments_in(source)
    return [ignore for number, column in comments.items() if (ignore := _ignore(source, comments, number, column))]


def _ignore(source: Source, comments: Mapping[int, int], number: int, column: int) -> Ignore | None:
    line = source.lines[number]
    meant = _MEANT.match(line, column)
    if meant is None:
        return None
    written = _WRITTEN.match(meant[1])
    codes = tuple(dict.fromkeys(re.split(r"\s*,\s*", written[1]))) if written else ()
    reason = written[2].strip(" \t:：-—") if written else ""
    about = number
    while not line[: comments.get(about, len(line))].strip() and about + 1 < len(source.lines):
        about += 1
        line = source.lines[about]
    end = len(source.lines[number].rstrip())
    span = Span(number + 1, column + 1, number + 1, end + 1)
    listed = None
    if written:
        first = meant.start(1) + written.start(1)
        listed = Span(number + 1, first + 1, number + 1, first + len(written[1]) + 1)
    return Ignore(codes, reason, Place(source.path, span=span), about + 1, listed)
