"""Suppress findings by comments such as ``# fujin: ignore[FJ210] reason``.

A comment applies to the line it is on. A comment on a line of its own applies to the next line that is not a comment.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fujin_cli.core.findings.finding import Edit, Finding, Fix, Place, Span, must_exclude_file
from fujin_cli.core.text.localized import say
from fujin_cli.store.yaml.comments import find_comments
from fujin_cli.store.yaml.read import Source

_COMMENT = re.compile(r"#+\s*fujin:\s*(ign.*)")
_CLAUSE = re.compile(r"ignore\[\s*(FJ\d{3}(?:\s*,\s*FJ\d{3})*)\s*\](.*)")


LAST_FAMILY = 5  # of the findings about files
ABOUT_CASES = ("FJ617", "FJ618")  # what the ledger says; a checkout without it cannot tell whether there is any
UNEXPLORED, UNDECIDED = "FJ313", "FJ409"  # a procedure with too many states; a guarantee with too many states


@dataclass(frozen=True, slots=True)
class Ignore:
    """Hold one comment: its codes (none if it is not valid), its reason and place, and the line it applies to."""

    codes: tuple[str, ...]
    reason: str
    place: Place
    line: int
    listed: Span | None = None  # the place of its codes


def without_ignored(
    findings: Sequence[Finding], sources: Mapping[str, Source], families: Sequence[int]
) -> list[Finding]:
    """Drop the ignored findings, and add findings about the comments themselves. All of them must have their spans.

    A finding that makes a file unfit to work with cannot be ignored, since the commands refuse that file anyway.
    ``families`` are those that were judged: of a code that was not judged in a file nobody can say that it ignores
    nothing.
    """
    judged = _JudgedCodes.of(findings, families)
    ignores = [ignore for source in sources.values() for ignore in ignores_in(source)]
    about: dict[tuple[str, int, str], list[Ignore]] = defaultdict(list)
    for ignore in ignores:
        for code in ignore.codes:
            about[ignore.place.path, ignore.line, code].append(ignore)
    reported, used, refused = [], set(), set()
    for finding in findings:
        named = [(id(ignore), finding.code) for ignore in about.get(_key_of(finding), ())]
        if named and not must_exclude_file(finding):
            used.update(named)
        else:
            refused.update(named)
            reported.append(finding)
    for ignore in ignores:
        unused = [code for code in ignore.codes if (id(ignore), code) not in used]
        refused_codes = {code for code in unused if (id(ignore), code) in refused}
        empty = [code for code in unused if code in refused_codes or judged.contains(code, ignore.place.path)]
        reported += _find_comment_problems(ignore, empty, refused_codes)
    return reported


def without_ignored_cases(findings: Sequence[Finding], sources: Iterable[Source]) -> list[Finding]:
    """Drop the ignored findings about open cases; their places are in files. Other comments are not looked at."""
    ignores = [ignore for source in sources for ignore in ignores_in(source)]
    ignored = {(ignore.place.path, ignore.line, code) for ignore in ignores for code in ignore.codes}
    return [finding for finding in findings if _key_of(finding) not in ignored]


def _key_of(finding: Finding) -> tuple[str, int, str]:
    return finding.place.path, finding.place.span.line if finding.place.span else 0, finding.code


@dataclass(frozen=True, slots=True)
class _JudgedCodes:
    """Tell which codes were judged in which file: only of these can a comment be said to ignore nothing.

    ``unfit`` are the files with an error of family 0 or 1. While there is one, what compares files or explores
    procedures (families 2 to 5) may have lost a finding to it, in every other file too. Of a file in ``misshapen`` only
    parts are judged. ``unexplored`` and ``undecided`` are the files with a finding that exploring was given up, for a
    procedure or for a guarantee; in a ``circular`` workspace some procedures were not explored at all.
    """

    families: Sequence[int]
    unfit: bool
    circular: bool
    misshapen: frozenset[str]
    unexplored: frozenset[str]
    undecided: frozenset[str]

    @classmethod
    def of(cls, findings: Sequence[Finding], families: Sequence[int]) -> _JudgedCodes:
        """Collect it from all findings, ignored ones included."""
        unfit = [finding for finding in findings if must_exclude_file(finding)]
        given_up = [finding for finding in findings if finding.code == UNEXPLORED]
        return cls(
            families,
            bool(unfit),
            any("names" in finding.message.values for finding in given_up),
            frozenset(finding.place.path for finding in unfit if finding.code[2] == "0"),
            frozenset(finding.place.path for finding in given_up),
            frozenset(finding.place.path for finding in findings if finding.code == UNDECIDED),
        )

    def contains(self, code: str, path: str) -> bool:
        """Tell whether the code was judged in the file."""
        family = int(code[2])
        if code in ABOUT_CASES:
            return False
        if family > LAST_FAMILY:
            return True  # no rule reports it in a file
        if family not in (0, *self.families) or path in self.misshapen or (family > 1 and self.unfit):
            return False
        if code in (UNEXPLORED, UNDECIDED):
            return True
        if family in (3, 4) and (self.circular or path in self.unexplored):
            return False
        return family != 4 or path not in self.undecided


def _find_comment_problems(ignore: Ignore, unused: list[str], refused: set[str]) -> Iterator[Finding]:
    """Find what is wrong with a comment: no code, no reason, or codes that ignore nothing."""
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
            yield Finding("FJ022", "warning", message, ignore.place, help, fix=_make_deletion_fix(ignore, code))
        else:
            message = say("this comment ignores nothing: there is no {code} here", code=code)
            yield Finding(
                "FJ022", "warning", message, ignore.place, say("delete it"), fix=_make_deletion_fix(ignore, code)
            )


def _make_deletion_fix(ignore: Ignore, code: str) -> Fix:
    """Make the fix that deletes a code from a comment, or the whole comment if it is the only code."""
    if ignore.codes == (code,):
        return Fix(say("delete the comment"), True, (Edit("delete", ignore.place),))
    remaining = ", ".join(name for name in ignore.codes if name != code)
    edit = Edit("replace", Place(ignore.place.path, span=ignore.listed), remaining)
    return Fix(say("delete {code} from the comment", code=code), True, (edit,))


def ignores_in(source: Source) -> list[Ignore]:
    """List the comments of a file that ignore findings, or try to, in order; none where the file cannot be read."""
    if "fujin:" not in source.text or source.root_node is None:
        return []
    comments = find_comments(source)
    return [
        ignore for number, column in comments.items() if (ignore := _parse_ignore(source, comments, number, column))
    ]


def _parse_ignore(source: Source, comments: Mapping[int, int], number: int, column: int) -> Ignore | None:
    line = source.lines[number]
    comment = _COMMENT.match(line, column)
    if comment is None:
        return None
    clause = _CLAUSE.match(comment[1])
    codes = tuple(dict.fromkeys(re.split(r"\s*,\s*", clause[1]))) if clause else ()
    reason = clause[2].strip(" \t:：-—") if clause else ""
    about = number
    while not line[: comments.get(about, len(line))].strip() and about + 1 < len(source.lines):
        about += 1
        line = source.lines[about]
    end = len(source.lines[number].rstrip())
    span = Span(number + 1, column + 1, number + 1, end + 1)
    listed = None
    if clause:
        first = comment.start(1) + clause.start(1)
        listed = Span(number + 1, first + 1, number + 1, first + len(clause[1]) + 1)
    return Ignore(codes, reason, Place(source.path, span=span), about + 1, listed)
