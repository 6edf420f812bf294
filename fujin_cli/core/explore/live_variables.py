"""Find which values still matter at a step (live variables): a value that is overwritten unread is forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fujin_cli.core.cases.moves import actions_at
from fujin_cli.core.cases.transition import Branch, branches_of
from fujin_cli.core.explore.domains import tests_of
from fujin_cli.core.model.procedure import Action, Atom, Condition, Procedure, Step, Test

# Atoms that only moves and rungs make true, so that their `where` is read on the way, after what the move writes.
BY_MOVES = ("action", "enter", "end")
Limited = Sequence[tuple[Atom, frozenset[str]]]  # atoms with what their `where` reads


@dataclass(frozen=True, slots=True)
class Flow:
    """Describe one way from a step: where it leads, what it reads, and what it overwrites.

    Of what it reads, ``guard`` is asked before it overwrites anything, ``wheres`` are asked after that, and ``uses``
    are variables of which it needs the value itself. It may overwrite ``may_kill`` or leave them as they are.
    """

    to: str
    reads: frozenset[str]
    kills: frozenset[str]
    uses: frozenset[str] = frozenset()
    may_kill: frozenset[str] = frozenset()
    guard: Condition | None = None
    wheres: tuple[Condition, ...] = ()


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
    limited = _list_limited_atoms(watched)
    always = frozenset().union(*(observers for atom, observers in limited if atom.kind not in BY_MOVES))
    flows = list_flows_by_step(procedure, watched)
    live = {name: always | (at_ends if step.end else frozenset()) for name, step in procedure.steps.items()}
    changed = True
    while changed:
        changed = False
        for name, leaving in flows.items():
            new = live[name].union(*(flow.reads | (live[flow.to] - flow.kills) for flow in leaving))
            changed = changed or new != live[name]
            live[name] = new
    return live


def list_flows_by_step(procedure: Procedure, watched: Iterable[Atom]) -> dict[str, list[Flow]]:
    """List the ways from each step, last steps first: most ways lead on, so that most is known after one turn."""
    observers = Observers(procedure, _list_limited_atoms(watched), _list_count_tests(procedure))
    return {name: list(_list_flows(step, observers)) for name, step in reversed(list(procedure.steps.items()))}


def _list_limited_atoms(watched: Iterable[Atom]) -> Limited:
    return [(atom, _variables_of(atom.where)) for atom in watched if atom.where]


def _list_flows(step: Step, observers: Observers) -> Iterator[Flow]:
    procedure = observers.procedure
    if step.lasts and step.lasts.until:
        until = frozenset({f"field:{step.lasts.until}"})
        yield Flow(step.name, until, frozenset(), until)
    for action in (*actions_at(procedure, step, ended=step.end is not None), *step.then):
        for branch in branches_of(procedure, action):
            yield _build_flow(observers, step, action, branch)
    for rung in step.ladder:
        for branch in branches_of(procedure, rung):
            yield _build_flow(observers, step, None, branch)


def _build_flow(observers: Observers, step: Step, action: Action | None, branch: Branch) -> Flow:
    procedure, to, parts = observers.procedure, branch.target, branch.parts
    needs, may = (action.needs, action.optional_inputs) if action else ((), ())
    required = {input.field for input in needs}
    used = {bound for input in (*needs, *may) for _, bound in input.conditions} - required
    written = {f"field:{name}" for name in required.union(*(part.sets for part in parts))}
    may_kill, kills = {f"field:{input.field}" for input in may}, set(written)
    for part in parts:
        for opens in part.opens:
            used |= set(opens.one_each) - required
            if "ended" in opens.instead_of:
                kills.add(f"group:{opens.group}")
        used |= {effect.field for effect in part.does} - required
        used |= set(part.adds)
        may_kill |= {f"field:{name}" for name in part.adds}
    guard = action.when if action else None
    uses = frozenset(f"field:{name}" for name in used)
    reads = _variables_of(guard) | uses
    wheres: list[Condition] = []
    for atom, where_reads in observers.limited:  # after the move: what it writes is not what was there before
        if atom.where and _is_made_true(procedure, atom, action.name if action else None, to):
            reads = reads | (where_reads - written)
            wheres.append(atom.where)
    if to:
        counted_on = {test.name for test in observers.counting if not _is_restarted_at(test, to)}
        kills |= {f"times:{test.name}" for test in observers.counting if test.name not in counted_on}
    return Flow(to or step.name, reads, frozenset(kills), uses, frozenset(may_kill), guard, tuple(wheres))


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
