"""Families that follow every case. Rules that say ``ALONE = True`` judge one procedure at a time, unless it is known.

Such a rule sees the procedure, what following it found, and the calendar. Its findings are kept under a key of just
that: what is not in the key is not there to be read. Other rules see the whole workspace, whenever anything changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol

from fujin_cli.core.explore.abstraction import ChildEnds
from fujin_cli.core.explore.explorer import Proved, Prover
from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.rules.support.context import Rule, RuleContext


class Memory(Protocol):
    """Findings by their key, from one run to the next."""

    def get(self, key: str) -> list[Finding] | None:
        """What was found under that key; None where nothing was kept."""

    def put(self, keys: Sequence[str], findings: Sequence[Finding]) -> None:
        """Keep what was found under each of these keys."""


def check_parts(
    workspace: Workspace, today: date, rules: Sequence[Rule], memory: Memory | None = None
) -> Iterator[Finding]:
    """The findings of ``rules`` about every procedure of a workspace whose procedures can all be explored."""
    alone = [rule for rule in rules if getattr(rule, "ALONE", False)]
    parts = _Parts(workspace, Prover(workspace.procedures))
    whole = RuleContext(workspace, today, lambda: parts.prover.proved)
    for name in workspace.procedures if alone else ():
        yield from _remembered(parts, name, alone, memory)
    for rule in rules:
        if rule not in alone:
            yield from rule.check(whole)


@dataclass(frozen=True)
class _Parts:
    """The procedures of a workspace, one by one."""

    workspace: Workspace
    prover: Prover

    def part(self, name: str) -> RuleContext:
        """Give the context in which one procedure is judged alone: its file and the calendar, and no day."""
        version, proved = self.workspace.procedures[name], self._proved(name)
        alone = Workspace(
            procedures={name: version},
            files=tuple(file for file in self.workspace.files if file.path == version.path),
            calendar_data=self.workspace.calendar_data,
        )
        return RuleContext(alone, date.max, lambda: proved)

    def _proved(self, name: str) -> Proved:
        circles = tuple(circle for circle in self.prover.circles if circle[0] == name)
        explored = self.prover.explored(name) if name in self.prover.order else None
        if explored is None:
            return Proved({}, frozenset({name} & set(self.prover.order)), circles)
        return Proved({name: explored}, frozenset(), circles)

    def below(self, name: str) -> dict[str, None]:
        """A procedure and all that it opens, and they open."""
        found = {name: None}
        todo = [name]
        while todo:
            for called in sorted(self.prover.calls[todo.pop()]):
                if called not in found:
                    found[called] = None
                    todo.append(called)
        return found

    def known(self, name: str) -> bool:
        """Whether what is found of it can be kept: not where circles have to be looked for, which is quickly done."""
        return name in self.prover.order and all(self.workspace.procedures[one].digest for one in self.below(name))

    def keys(self, name: str) -> Iterator[str]:
        """Under which what is found of it is kept: first by the texts of all that is followed with it, which costs
        nothing; then by what following those it opens has led to, which stays the same if they ended as before.
        """
        yield self._by_text(name)
        ends = {called: self.prover.ends(called) for called in sorted(self.prover.calls[name])}
        yield _digest("ends", self._own(name), *(f"{called}\0{_said(end)}" for called, end in ends.items()))

    def _by_text(self, name: str) -> str:
        return _digest("text", self._own(name), *(self._own(called) for called in self.below(name)))

    def _own(self, name: str) -> str:
        """Its text, the calendar, and the texts of all that open it: they decide what cases begin with and bring."""
        version = self.workspace.procedures[name]
        return _digest(name, version.path, version.digest, self._common, *sorted(self._above[name]))

    @cached_property
    def _common(self) -> str:
        calendar = json.dumps(self.workspace.calendar_data, sort_keys=True, default=str)
        return _digest(str(sorted(self.prover.outcomes.items())), calendar)

    @cached_property
    def _above(self) -> dict[str, set[str]]:
        """For each procedure, the digests of those that open it, and of those that open them."""
        found: dict[str, set[str]] = {name: set() for name in self.workspace.procedures}
        for name, version in self.workspace.procedures.items():
            for called in list(self.below(name))[1:]:
                found[called].add(version.digest)
        return found


def _remembered(parts: _Parts, name: str, rules: Sequence[Rule], memory: Memory | None) -> Sequence[Finding]:
    if memory is None or not parts.known(name):
        return _judged(parts, name, rules)
    codes = ",".join(rule.CODE for rule in rules)
    tried: list[str] = []
    for key in parts.keys(name):
        tried.append(_digest(codes, key))
        found = memory.get(tried[-1])
        if found is not None:
            break
    else:
        found = _judged(parts, name, rules)
    if len(tried) > 1:
        memory.put(tried, found)
    return found


def _judged(parts: _Parts, name: str, rules: Sequence[Rule]) -> list[Finding]:
    part = parts.part(name)
    return [finding for rule in rules for finding in rule.check(part)]


def _said(end: ChildEnds | None) -> str:
    return "" if end is None else repr((end.endings, sorted(end.reopens), end.instant))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode(errors="surrogateescape")).hexdigest()
