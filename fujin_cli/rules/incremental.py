"""Run the rules of families 3 to 5, which explore cases; of unchanged procedures their findings come from a memory.

A rule with ``ALONE = True`` reads one procedure, its explorations and the calendar. Its findings are remembered under a
key of exactly these, and its context holds nothing else, so it cannot depend on what the key leaves out. Every other
rule reads the whole workspace and runs whenever anything has changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol

from fujin_cli.core.explore.abstraction import ChildSummary
from fujin_cli.core.explore.call_graph import invert_call_graph, list_reachable_procedures
from fujin_cli.core.explore.explorer import Explored, Explorer
from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.rules.support.context import Rule, RuleContext

SHOWN = ("FJ409",)  # of a finding without a run, which may say that runs were driven in vain


class Memory(Protocol):
    """Keep findings by key, from one run to the next."""

    def get(self, key: str) -> list[Finding] | None:
        """Return the findings under that key; None where there are none yet."""

    def put(self, keys: Sequence[str], findings: Sequence[Finding]) -> None:
        """Keep findings under each of these keys."""


def check_parts(
    workspace: Workspace, today: date, rules: Sequence[Rule], memory: Memory | None = None
) -> Iterator[Finding]:
    """Run rules over every procedure of a workspace; each of the procedures must be fit to be explored."""
    alone = [rule for rule in rules if getattr(rule, "ALONE", False)]
    parts = _WorkspaceParts(
        workspace, Explorer(workspace.procedures, office_hours=workspace.build_calendar().office_hours)
    )
    whole = RuleContext(workspace, today, lambda: parts.prover.all_explorations)
    for name in workspace.procedures if alone else ():
        yield from _findings_of(parts, name, alone, memory)
    for rule in rules:
        if rule not in alone:
            yield from rule.check(whole)


@dataclass(frozen=True)
class _WorkspaceParts:
    """Split a workspace into contexts of one procedure each, with the keys of their findings."""

    workspace: Workspace
    prover: Explorer

    def context(self, name: str) -> RuleContext:
        """Build the context of one procedure: its file, its explorations and the calendar; the day is a constant."""
        version, proved = self.workspace.procedures[name], self._restrict_to_proved(name)
        alone = Workspace(
            procedures={name: version},
            files=tuple(file for file in self.workspace.files if file.path == version.path),
            calendar_data=self.workspace.calendar_data,
        )
        opened = {callee: self.workspace.procedures[callee] for callee in self._list_callees(name)}
        return RuleContext(alone, date.max, lambda: proved, opened)

    def _restrict_to_proved(self, name: str) -> Explored:
        circles = tuple(circle for circle in self.prover.circles if circle[0] == name)
        explored = self.prover.explore_procedure(name) if name in self.prover.order else None
        if explored is None:
            growth = self.prover.growth
            return Explored({}, {name: growth[name]} if name in growth else {}, circles)
        return Explored({name: explored}, {}, circles)

    def is_rememberable(self, name: str) -> bool:
        """Whether the findings can be kept: the texts must be known, and a circle is found quickly without a memory."""
        procedures = self.workspace.procedures
        return name in self.prover.order and all(procedures[callee].digest for callee in self._list_callees(name))

    def keys(self, name: str) -> Iterator[str]:
        """Give the keys of a procedure's findings, the cheap one first.

        The first key is made of the texts of all procedures that are explored with it. The second one, for which its
        children are explored, is made of how they end: it stays the same when a child changes and ends as before.
        """
        yield _digest(
            "text",
            self._digest_procedure(name),
            *(self._digest_procedure(callee) for callee in self._list_callees(name)),
        )
        ends = {child: self.prover.summarize_procedure(child) for child in sorted(self.prover.calls[name])}
        yield _digest(
            "ends", self._digest_procedure(name), *(f"{child}\0{_ends_text(end)}" for child, end in ends.items())
        )

    def _list_callees(self, name: str) -> tuple[str, ...]:
        """List what a run can involve: the procedures that it opens, and those whose cases its fields refer to."""
        callees = dict.fromkeys(list_reachable_procedures(self.prover.calls, name))
        for callee in tuple(callees):
            fields = self.workspace.procedures[callee].fields.values()
            linked = (other for field in fields if field.item_type == "case" for other in field.of)
            callees |= dict.fromkeys(other for other in linked if other in self.workspace.procedures)
        return tuple(callees)

    def _digest_procedure(self, name: str) -> str:
        """Digest a procedure's text, the calendar, and the texts of its openers, which decide how its cases begin."""
        version = self.workspace.procedures[name]
        return _digest(name, version.path, version.digest, self._common, *sorted(self._digest_openers(name)))

    @cached_property
    def _common(self) -> str:
        calendar = json.dumps(self.workspace.calendar_data, sort_keys=True, default=str)
        return _digest(str(sorted(self.prover.outcomes.items())), calendar)

    def _digest_openers(self, name: str) -> set[str]:
        openers = list_reachable_procedures(self._callers, name)[1:]
        return {self.workspace.procedures[opener].digest for opener in openers}

    @cached_property
    def _callers(self) -> dict[str, frozenset[str]]:
        return invert_call_graph(self.prover.calls)


def _findings_of(parts: _WorkspaceParts, name: str, rules: Sequence[Rule], memory: Memory | None) -> Sequence[Finding]:
    """Look up the findings about one procedure under each of its keys, or compute and remember them."""
    if memory is None or not parts.is_rememberable(name):
        return _compute(parts, name, rules)
    codes = ",".join(rule.CODE for rule in rules)
    tried: list[str] = []
    for key in parts.keys(name):
        tried.append(_digest(codes, key))
        findings = memory.get(tried[-1])
        if findings is not None:
            break
    else:
        findings = _compute(parts, name, rules)
        if any(finding.trace or finding.code in SHOWN for finding in findings):
            tried = tried[:1]  # runs were driven, so the findings depend on how children end, step by step
            memory.put(tried, findings)
    if len(tried) > 1:  # found under the second key, or computed: the first key finds it next time
        memory.put(tried, findings)
    return findings


def _compute(parts: _WorkspaceParts, name: str, rules: Sequence[Rule]) -> list[Finding]:
    context = parts.context(name)
    return [finding for rule in rules for finding in rule.check(context)]


def _ends_text(end: ChildSummary | None) -> str:
    return "" if end is None else repr((end.endings, sorted(end.reopens), end.instant))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode(errors="surrogateescape")).hexdigest()
