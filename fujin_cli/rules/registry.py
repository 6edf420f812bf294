"""Every rule by its module's name, and the one place where their findings are sorted and de-duplicated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol, cast

from fujin_cli.core.effects import Opens
from fujin_cli.core.finding import Finding, Severity
from fujin_cli.core.procedure import Procedure
from fujin_cli.core.workspace import Workspace

if TYPE_CHECKING:
    from fujin_cli.rules.parts import Memory


class Rule(Protocol):
    """A module of this package: one code, one question. Its docstring is the page that ``fujin explain`` prints."""

    CODE: str
    SEVERITY: Severity  # the worst that its findings can be

    def check(self, workspace: Workspace, today: date) -> Iterator[Finding]:
        """The findings, in any order, repeated or not; ``today`` is the local day."""


# A new rule is one file and one line here. A code never changes its meaning and is never used again.
RULES = (
    "fj101", "fj102", "fj103", "fj104", "fj105", "fj106", "fj107", "fj108", "fj109", "fj110", "fj111",
    "fj112", "fj113", "fj114", "fj115", "fj116", "fj117", "fj118", "fj119", "fj120", "fj121", "fj122",
    "fj123", "fj124", "fj125", "fj126", "fj127", "fj128", "fj129", "fj130", "fj131", "fj132",
    "fj133", "fj134", "fj135", "fj136", "fj137", "fj138", "fj139", "fj140", "fj141", "fj142", "fj143", "fj144",
    "fj201", "fj202",
    "fj203", "fj204", "fj205", "fj206", "fj207", "fj208", "fj209", "fj210", "fj211", "fj212", "fj213",
    "fj214", "fj301", "fj302", "fj303", "fj304", "fj305", "fj306", "fj307",
    "fj308", "fj309", "fj310", "fj311", "fj312", "fj313", "fj314",
    "fj401", "fj402", "fj403", "fj404", "fj405", "fj406", "fj407", "fj409",
    "fj501", "fj502", "fj503", "fj504", "fj505", "fj506",
)  # fmt: skip
EVERY = (1, 2, 3, 4, 5)
FOLLOWING = (3, 4, 5)  # families that follow every case, or every value, wherever it can go
UNFIT = "FJ200"  # errors of the families before it make a procedure unfit to be explored


def rules(families: Sequence[int] = EVERY) -> Iterator[Rule]:
    """The rules of the families, each imported when its turn comes."""
    for name in RULES:
        if int(name[2]) in families:
            yield cast(Rule, import_module(f"{__package__}.{name}"))


def check_all(
    workspace: Workspace, today: date, families: Sequence[int] = EVERY, kept: Memory | None = None
) -> list[Finding]:
    """Every finding of the families' rules, each once, ordered by file, route and code. ``today`` is the local day.

    Families 3 and 4 follow every case that can happen, family 5 every value; they judge only procedures without an
    error of families 0 and 1, part by part (``rules.parts``), and not those of which ``kept`` knows what was found.
    """
    known = [finding for rule in rules((1, 2)) for finding in rule.check(workspace, today)]
    found = [finding for finding in known if int(finding.code[2]) in families]
    following = [family for family in FOLLOWING if family in families]
    if following:
        found += _followed(_fit(workspace, known), today, following, kept)
    return in_order(found)


def _followed(fit: Workspace, today: date, families: Sequence[int], kept: Memory | None) -> Iterable[Finding]:
    """The findings of the families that follow cases and values; without a procedure not even they are imported."""
    if not fit.procedures:
        return ()
    from fujin_cli.rules.parts import check_parts

    return check_parts(fit, today, list(rules(families)), kept)


def _fit(workspace: Workspace, known: Iterable[Finding]) -> Workspace:
    """The workspace with only those procedures that can be explored: sound, and opening none that is not."""
    broken = {finding.place.path for finding in known if finding.severity == "error" and finding.code < UNFIT}
    broken |= {file.path for file in workspace.files if file.pruned}
    sound = {name: law for name, law in workspace.procedures.items() if law.path not in broken}
    while True:
        kept = {name: law for name, law in sound.items() if all(one.procedure in sound for one in _opens(law))}
        if len(kept) == len(sound):
            return replace(workspace, procedures=kept)
        sound = kept


def _opens(law: Procedure) -> Iterator[Opens]:
    return (opens for effects in law.all_effects() for opens in effects.opens)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """The findings by file, route and code; of those that say the same of the same place, the first."""
    unique = {_identity(finding): finding for finding in reversed(list(findings))}
    return [unique[key] for key in sorted(unique)]


def _identity(finding: Finding) -> tuple[str, tuple[tuple[int, str], ...], str, str]:
    place = finding.place
    route = tuple((part, "") if isinstance(part, int) else (-1, part) for part in place.route)
    said = repr((finding.message.text, sorted(finding.message.values.items(), key=lambda item: item[0])))
    return place.path, route, finding.code, said


def page(code: str) -> str | None:
    """The documentation page of a code of any family; None where no code of that name has one."""
    name = code.lower()
    if not re.fullmatch(r"fj\d{3}", name) or find_spec(f"{__package__}.{name}") is None:
        return None
    return import_module(f"{__package__}.{name}").__doc__
