"""Every rule by its module's name, and the one place where their findings are sorted and de-duplicated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from fujin_cli.core.finding import Finding, Severity
from fujin_cli.core.procedure import Opens, Procedure
from fujin_cli.core.workspace import Workspace


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
    "fj140", "fj141", "fj142", "fj143", "fj144", "fj201", "fj202",
    "fj203", "fj204", "fj205", "fj206", "fj207", "fj208", "fj209", "fj210", "fj211", "fj212", "fj213",
    "fj214", "fj301", "fj302", "fj303", "fj304", "fj305", "fj306", "fj307",
    "fj308", "fj309", "fj310", "fj311", "fj312", "fj313",
    "fj401", "fj402", "fj403", "fj404", "fj405", "fj406", "fj407", "fj409",
)  # fmt: skip
EVERY = (1, 2, 3, 4)
EXPLORING = (3, 4)  # families that follow every case that can happen
UNFIT = "FJ200"  # errors of the families before it make a procedure unfit to be explored


def rules(families: Sequence[int] = EVERY) -> Iterator[Rule]:
    """The rules of the families, each imported when its turn comes."""
    for name in RULES:
        if int(name[2]) in families:
            yield cast(Rule, import_module(f"{__package__}.{name}"))


def check_all(workspace: Workspace, today: date, families: Sequence[int] = EVERY) -> list[Finding]:
    """Every finding of the families' rules, each once, ordered by file, route and code. ``today`` is the local day.

    Families 3 and 4 follow every case that can happen; they judge only procedures without an error of families 0 and 1.
    """
    known = [finding for rule in rules((1, 2)) for finding in rule.check(workspace, today)]
    kept = [finding for finding in known if int(finding.code[2]) in families]
    exploring = [family for family in families if family in EXPLORING]
    if exploring:
        fit = _fit(workspace, known)
        kept += [finding for rule in rules(exploring) for finding in rule.check(fit, today)]
    return in_order(kept)


def _fit(workspace: Workspace, known: Iterable[Finding]) -> Workspace:
    """The workspace with only those procedures that can be explored: sound, and opening none that is not."""
    broken = {finding.place.path for finding in known if finding.severity == "error" and finding.code < UNFIT}
    broken |= {file.path for file in workspace.files if file.pruned}
    sound = {name: law for name, law in workspace.procedures.items() if law.path not in broken}
    while True:
        kept = {name: law for name, law in sound.items() if all(o.procedure in sound for o in _opens(law))}
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
