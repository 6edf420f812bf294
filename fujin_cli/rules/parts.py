"""Families that follow every case, judged procedure by procedure, and not those of which is known what was found.

What was found is kept under a key of all that a rule can see. A rule that says ``ALONE = True`` sees the procedure and
those it opens; any other sees everything but the other procedures. What is not in the key is not there to be read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol

from fujin_cli.core.explore import Proved, Prover
from fujin_cli.core.explore_shape import ChildEnds
from fujin_cli.core.finding import Finding
from fujin_cli.core.workspace import File, Workspace
from fujin_cli.rules.proofs import Part


class Memory(Protocol):
    """Findings by their key, from one run to the next."""

    def get(self, key: str) -> list[Finding] | None:
        """What was found under that key; None where nothing was kept."""

    def put(self, keys: Sequence[str], findings: Sequence[Finding]) -> None:
        """Keep what was found under each of these keys."""


class PartRule(Protocol):
    """A rule of these families."""

    CODE: str

    def check(self, workspace: Workspace, today: date) -> Iterator[Finding]:
        """The findings; of a ``proofs.Part``, those of its procedure at least."""


def check_parts(
    workspace: Workspace, today: date, rules: Sequence[PartRule], memory: Memory | None = None
) -> Iterator[Finding]:
    """The findings of ``rules`` about every procedure of a workspace whose procedures can all be explored."""
    alone = [rule for rule in rules if getattr(rule, "ALONE", False)]
    others = [rule for rule in rules if rule not in alone]
    parts = _Parts(workspace, Prover(workspace.procedures))
    rest = [file for file in workspace.files if file.kind != "procedure"]
    for name in workspace.procedures:
        if alone:
            yield from _remembered(parts, name, alone, _Beside(Workspace(), date.max, ()), memory)
        if others:
            yield from _remembered(parts, name, others, _Beside(workspace, today, tuple(rest)), memory)


@dataclass(frozen=True)
class _Beside:
    """What rules see beside procedures."""

    workspace: Workspace
    today: date
    files: tuple[File, ...]

    @cached_property
    def key(self) -> str:
        return _digest(str(self.today), *(part for file in self.files for part in (file.path, file.digest)))


@dataclass(frozen=True)
class _Parts:
    """The procedures of a workspace, one by one."""

    workspace: Workspace
    prover: Prover

    def part(self, name: str, beside: _Beside) -> Part:
        """The workspace in which ``name`` alone is judged."""
        laws = {called: self.workspace.procedures[called] for called in self.below(name)}
        paths = {law.path for law in laws.values()}
        files = (*(file for file in self.workspace.files if file.path in paths), *beside.files)
        known = beside.workspace
        return Part(
            known.name, known.title, known.languages, known.rehearsal, known.actors, known.organisation,
            laws, files, known.calendar_data, self._proved(name),
        )  # fmt: skip

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
        laws = [self.workspace.procedures[called] for called in self.below(name)]
        return name in self.prover.order and all(law.digest and law.path in self._digests for law in laws)

    @cached_property
    def _digests(self) -> dict[str, str]:
        return {file.path: file.digest for file in self.workspace.files if file.digest}

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
        """Its text and those of all that open it, which decide what its cases begin with and bring."""
        law = self.workspace.procedures[name]
        above = sorted(self._above[name])
        return _digest(name, law.path, law.digest, str(sorted(self.prover.outcomes.items())), *above)

    @cached_property
    def _above(self) -> dict[str, set[str]]:
        """For each procedure, the digests of those that open it, and of those that open them."""
        found: dict[str, set[str]] = {name: set() for name in self.workspace.procedures}
        for name, law in self.workspace.procedures.items():
            for called in list(self.below(name))[1:]:
                found[called].add(law.digest)
        return found


def _remembered(
    parts: _Parts, name: str, rules: Sequence[PartRule], beside: _Beside, memory: Memory | None
) -> Sequence[Finding]:
    if memory is None or not parts.known(name) or not all(file.digest for file in beside.files):
        return _judged(parts, name, rules, beside)
    codes = ",".join(rule.CODE for rule in rules)
    tried: list[str] = []
    for key in parts.keys(name):
        tried.append(_digest(key, codes, beside.key))
        found = memory.get(tried[-1])
        if found is not None and len(tried) == 1:
            return found
        if found is not None:
            break
    else:
        found = _judged(parts, name, rules, beside)
    memory.put(tried, found)
    return found


def _judged(parts: _Parts, name: str, rules: Sequence[PartRule], beside: _Beside) -> list[Finding]:
    """The findings of one procedure: what is said of those that it opens is said when it is their turn."""
    part = parts.part(name, beside)
    elsewhere = {law.path for law in part.procedures.values()} - {part.procedures[name].path}
    found = [finding for rule in rules for finding in rule.check(part, beside.today)]
    return [finding for finding in found if finding.place.path not in elsewhere]


def _said(end: ChildEnds | None) -> str:
    return "" if end is None else repr((end.endings, sorted(end.reopens), end.instant))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode(errors="surrogateescape")).hexdigest()
