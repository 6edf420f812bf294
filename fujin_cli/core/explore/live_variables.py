"""Find which values still matter at a step (live variables): a value that is overwritten unread is forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fujin_cli.core.cases.moves import actions_at
from fujin_cli.core.cases.transition import Branch, branches_of
from fujin_cli.core.explore.domains import tests_of
from fujin_cli.core.model.procedure import Atom, Condition, Procedure, Step, Test

# Atoms that only moves and rungs make true, so that their `where` is read on the way, after what the move writes.
BY_MOVES = ("action", "enter", "end")
Limited = Sequence[tuple[Atom, frozenset[str]]]  # atoms with what their `where` reads


@dataclass(frozen=True, slots=True)
class Flow:
    """Describe one way from a step: where it leads, what it reads, and what it overwrites."""

    to: str
    reads: frozenset[str]
    kills: frozenset[str]


@dataclass(frozen=True, slots=True)
class Observers:
    """Hold what reads cases along the way: the `where` of atoms (``limited``), and counts of actions."""

    procedure: Procedure
    limited: Limited
    counting: Sequence[Test]


def find_live_variables(
    procedure: Procedure, at_ends: frozenset[str], watched: Iterable[Atom]
) -> dict[str, frozenset[str]]:
    """Find for every step what can matter from there on: ``field:NAME``, ``group:NAME`` and ``times:ACTION``.

    ``at_ends`` are what the end of a case hands to others, ``watched`` the atoms whose `where` reads the case. This is
    the usual backward data-flow analysis of live variables.
    """
    limited = [(atom, _variables_of(atom.where)) for atom in watched if atom.where]
    always = frozenset().union(*(observers for atom, observers in limited if atom.kind not in BY_MOVES))
    backwards = reversed(list(procedure.steps.items()))  # most ways lead on, so that most is known after one turn
    observers = Observers(procedure, limited, _list_count_tests(procedure))
    flows = {name: list(_list_flows(step, observers)) for name, step in backwards}
    live = {name: always | (at_ends if step.end else frozenset()) for name, step in procedure.steps.items()}
    changed = True
    while changed:
        changed = False
        for name, leaving in flows.items():
            new = live[name].union(*(flow.reads | (live[flow.to] - flow.kills) for flow in leaving))
            changed = changed or new != live[name]
            live[name] = new
    return live


def _list_flows(step: Step, observers: Observers) -> Iterator[Flow]:
    procedure = observers.procedure
    if step.lasts and step.lasts.until:
        yield Flow(step.name, frozenset({f"field:{step.lasts.until}"}), frozenset())
    for action in (*actions_at(procedure, step, ended=step.end is not None), *step.then):
        required = {input.field for input in action.needs}
        bounds = {bound for input in (*action.needs, *action.may) for _, bound in input.conditions}
        reads = _variables_of(action.when) | {f"field:{name}" for name in bounds - required}
        for branch in branches_of(procedure, action):
            yield _build_flow(observers, step, action.name, branch, reads, required)
    for rung in step.ladder:
        for branch in branches_of(procedure, rung):
            yield _build_flow(observers, step, None, branch, frozenset(), set())


def _build_flow(
    observers: Observers, step: Step, action: str | None, branch: Branch, reads: frozenset[str], required: set[str]
) -> Flow:
    procedure, to, parts = observers.procedure, branch.target, branch.parts
    written = {f"field:{name}" for name in required.union(*(part.sets for part in parts))}
    kills = set(written)
    for part in parts:
        for opens in part.opens:
            reads = reads | {f"field:{name}" for name in opens.one_each if name not in required}
            if "ended" in opens.instead_of:
                kills.add(f"group:{opens.group}")
        reads = reads | {f"field:{effect.field}" for effect in part.does if effect.field not in required}
        reads = reads | {f"field:{name}" for name in part.adds}
    for atom, where_reads in observers.limited:  # after the move: what it writes is not what was there before
        if _is_made_true(procedure, atom, action, to):
            reads = reads | (where_reads - written)
    if to:
        counted_on = {test.name for test in observers.counting if not _is_restarted_at(test, to)}
        kills |= {f"times:{test.name}" for test in observers.counting if test.name not in counted_on}
    return Flow(to or step.name, reads, frozenset(kills))


def _is_made_true(procedure: Procedure, atom: Atom, action: str | None, to: str | None) -> bool:
    """Whether an action that leads to a step makes the atom true, as ``event_patterns.happens`` says of its event."""
    end = procedure.steps[to].end if to else None
    match atom.kind:
        case "action":
            return atom.name == action
        case "enter":
            return end is not None if atom.name == "any end" else atom.name == to
        case "end":
            return end is not None and atom.name in ("", end)
    return False


def _list_count_tests(procedure: Procedure) -> list[Test]:
    return [test for _, action in procedure.all_actions() for test in tests_of(action.when) if test.kind == "times"]


def _is_restarted_at(test: Test, to: str) -> bool:
    since = test.since
    return since is not None and (since.kind, since.name, since.where) == ("enter", to, None)


def _variables_of(condition: Condition | None) -> frozenset[str]:
    prefix = {"field": "field", "case": "group", "group": "group", "times": "times"}
    return frozenset(f"{prefix[test.kind]}:{test.name}" for test in tests_of(condition) if test.kind in prefix)
