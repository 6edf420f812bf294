"""Verify whether a procedure keeps its guarantees on every run, and how each of the others falls short.

docs/explanation/verification.md lists the four ways to fall short. Each guarantee gets one verdict, and each fault is
reported by the verdict of one guarantee.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from fujin_cli.core.explore import graph
from fujin_cli.core.explore.counted_atoms import has_fixed_count_tests
from fujin_cli.core.explore.feasible_paths import Runs, Undecided, find_counted_path, find_feasible_lasso
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.model.performers import Performer
from fujin_cli.core.model.procedure import Atom, Guarantee, Procedure
from fujin_cli.core.verify.authorisation import find_outsiders, find_run_to
from fujin_cli.core.verify.automata import LOST
from fujin_cli.core.verify.monitors import Monitor, Role, build_forbidding_monitor, build_monitor
from fujin_cli.core.verify.prefilter import collect_marks, find_suspects
from fujin_cli.core.verify.product import Letters, Product, TooMany, build_product
from fujin_cli.core.verify.unconfirmed import Unconfirmed

VerdictKind = Literal["violated", "inevitably violated", "never fulfilled", "vacuous", "conflicting", "undecided"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Say how one guarantee falls short.

    ``run`` shows it. ``turn`` is the place in the run of the event that breaks the guarantee, after which no run keeps
    it (inevitably violated), or with which the cycle begins (never fulfilled). ``never`` says that no run at all keeps
    it. ``conflicting`` are guarantees with which this one cannot be kept, ``settings`` those under which it happens
    where they matter.
    """

    guarantee: Guarantee
    kind: VerdictKind
    run: tuple[Edge, ...] = ()
    turn: int = 0
    never: bool = False
    conflicting: tuple[Guarantee, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    unconfirmed: Unconfirmed | None = None
    performer: Performer | None = None  # of a guarantee of ``only``: who may act and should not


MOST_COUNTED = 100  # how far a guarantee may count and still be decided


def judge_guarantees(version: Procedure, explorations: Sequence[Exploration]) -> list[Verdict]:
    """Judge every guarantee; list a verdict for each that is not kept on every run, in the order of the file."""
    all_monitors = [monitor for guarantee in version.guarantees.values() if (monitor := build_monitor(guarantee))]
    monitors = [monitor for monitor in all_monitors if int(monitor.guarantee.times or 1) <= MOST_COUNTED]
    verdicts = {m.guarantee.name: Verdict(m.guarantee, "undecided") for m in all_monitors if m not in monitors}
    for exploration in explorations:
        for verdict in _check_all_monitors(exploration, monitors):
            earlier = verdicts.get(verdict.guarantee.name)
            if earlier is None or _is_clearer_than(verdict, earlier):
                verdicts[verdict.guarantee.name] = verdict
    for conflict in _find_conflicts(explorations, monitors, verdicts):
        for guarantee in (conflict.guarantee, *conflict.conflicting):
            verdicts.pop(guarantee.name, None)
        verdicts[conflict.guarantee.name] = conflict
    for monitor in _find_vacuous_monitors(explorations, monitors):
        verdicts.setdefault(monitor.guarantee.name, Verdict(monitor.guarantee, "vacuous"))
    for guarantee in version.guarantees.values():
        unauthorised = _judge_authorisation(version, guarantee, explorations) if guarantee.only else None
        if unauthorised is not None:
            verdicts[guarantee.name] = unauthorised
    return [verdicts[name] for name in version.guarantees if name in verdicts]


def _judge_authorisation(
    version: Procedure, guarantee: Guarantee, explorations: Sequence[Exploration]
) -> Verdict | None:
    """Judge a guarantee of ``only``: the first outsider who can act in some run, shown by a shortest one."""
    undecided: Verdict | None = None
    for outsider in find_outsiders(version, guarantee):
        for exploration in explorations:
            try:
                run = find_run_to(exploration, outsider)
            except Undecided:
                undecided = Verdict(guarantee, "undecided", settings=exploration.changed_settings)
                continue
            if run is not None:
                settings, performer = exploration.changed_settings, outsider.performer
                return Verdict(guarantee, "violated", run, len(run) - 1, settings=settings, performer=performer)
    return undecided


def _is_clearer_than(new: Verdict, earlier: Verdict) -> bool:
    """Prefer a certain verdict to an undecided one, and then the shorter run."""
    if "undecided" in (new.kind, earlier.kind):
        return earlier.kind == "undecided" != new.kind
    return len(new.run) < len(earlier.run)


def _check_all_monitors(exploration: Exploration, monitors: Sequence[Monitor]) -> list[Verdict]:
    try:
        doubtful = find_suspects(exploration, monitors)
    except TooMany:
        doubtful = set(range(len(monitors)))
    loops = _can_go_round(exploration)
    verdicts = []
    for place, monitor in enumerate(monitors):
        if place in doubtful or loops:
            verdict = _check_monitor(exploration, monitor)
            if verdict is not None:
                verdicts.append(verdict)
    return verdicts


def _check_monitor(exploration: Exploration, monitor: Monitor) -> Verdict | None:
    """Check one guarantee alone; None where it is kept."""
    try:
        product = build_product(exploration, [monitor])
        runs = product.build_runs()
        run = find_counted_path(runs, product.select_places(product.is_broken))
        if run is not None:
            return describe_violation(product, runs, run)
        return _find_never_fulfilled(product, runs)
    except (TooMany, Undecided):
        return Verdict(monitor.guarantee, "undecided", settings=exploration.changed_settings)


def describe_violation(product: Product, runs: Runs, run: Sequence[Edge]) -> Verdict:
    """Describe a violation; it is inevitable where the guarantee is lost before the event that shows it."""
    ending = graph.find_ancestors_by(runs.predecessors.__getitem__, product.select_places(product.is_at_end))
    endless = set(range(len(product.pairs))) - ending
    hopeless = endless - product.select_places(product.is_broken)  # no end at all: that is a finding of its own
    hopeful = graph.find_ancestors_by(
        runs.predecessors.__getitem__, product.select_places(product.is_good_end) | hopeless
    )
    last = len(run) - 1
    point_of_no_return = next((place for place, edge in enumerate(run) if edge.target not in hopeful), last)
    never = not any(edge.target in hopeful for edge in product.begins)
    kind: VerdictKind = "inevitably violated" if point_of_no_return < last - 1 or never else "violated"
    turn = point_of_no_return if kind == "inevitably violated" else last
    edges = tuple(product.find_case_edge(edge) for edge in run)
    return Verdict(
        product.monitors[0].guarantee, kind, edges, turn, never, settings=product.exploration.changed_settings
    )


def _find_never_fulfilled(product: Product, runs: Runs) -> Verdict | None:
    """Find a cycle without a limit on which the guarantee stays open for ever."""
    pending = product.select_places(
        lambda place: not product.is_fulfilled(place) and LOST not in product.pairs[place][1]
    )
    lasso = find_feasible_lasso(runs, pending, with_one=is_arrival)
    if lasso is None:
        return None
    path, cycle = lasso
    run = tuple(product.find_case_edge(edge) for edge in (*path, *cycle))
    return Verdict(
        product.monitors[0].guarantee, "never fulfilled", run, len(path), settings=product.exploration.changed_settings
    )


def is_arrival(edge: Edge) -> bool:
    """Whether the case arrives at a step: recording something for ever keeps nobody from moving on."""
    return edge.label.to is not None


def _can_go_round(exploration: Exploration) -> bool:
    """Whether some cycle without a limit arrives at a step again."""
    steps = exploration.model.shape.steps
    place = {name: number for number, name in enumerate(steps)}
    moves: list[dict[int, Edge]] = [{} for _ in steps]
    for leaving in exploration.edges:
        for edge in leaving:
            if edge.label.to is not None and not edge.label.limited:
                target = place[edge.label.to]
                moves[place[edge.label.step]][target] = edge._replace(source=place[edge.label.step], target=target)
    edges = [list(leaving.values()) for leaving in moves]
    component = graph.find_components(edges)
    return any(component[edge.source] == component[edge.target] for leaving in edges for edge in leaving)


# vacuous guarantees


def _find_vacuous_monitors(explorations: Sequence[Exploration], monitors: Sequence[Monitor]) -> list[Monitor]:
    """Find monitors of which too few triggers can happen under any choice of settings."""
    marks = collect_marks(explorations)
    exploration = explorations[0]
    return [
        monitor
        for monitor in monitors
        if _has_only_impossible_atoms(exploration.model.version, monitor.guarantee)
        or (
            monitor.triggers
            and sum(_can_role_happen(explorations, monitor, role, marks) for role in monitor.triggers)
            < monitor.fewest_triggers
        )
    ]


def _has_only_impossible_atoms(version: Procedure, guarantee: Guarantee) -> bool:
    """Whether a guarantee only forbids what no case can do: to be overdue at a step without a deadline."""
    forbidden = guarantee.atoms.get("never") or guarantee.atoms.get("at_most") if len(guarantee.atoms) == 1 else None
    return bool(forbidden) and all(_can_never_happen(version, atom) for atom in forbidden or ())


def _can_never_happen(version: Procedure, atom: Atom) -> bool:
    step = version.steps.get(atom.name)
    if step is None or atom.kind not in ("overdue", "time_up"):
        return False
    return step.lasts is None if atom.kind == "time_up" else all(rung.is_reminder for rung in step.ladder)


def _can_role_happen(explorations: Sequence[Exploration], monitor: Monitor, role: Role, marks: int) -> bool:
    if any(has_fixed_count_tests(atom) for atom in role):
        lost = build_forbidding_monitor(monitor.guarantee, role)
        return any(_is_suspected(exploration, lost) for exploration in explorations)
    own = Monitor(monitor.guarantee, (role,), monitor.automaton)
    return bool(Letters(explorations[0], own).letter_of(marks, stays=False))


def _is_suspected(exploration: Exploration, monitor: Monitor) -> bool:
    try:
        return bool(find_suspects(exploration, [monitor]))
    except TooMany:
        return True


# guarantees that contradict one another


def _find_conflicts(
    explorations: Sequence[Exploration], monitors: Sequence[Monitor], verdicts: Mapping[str, Verdict]
) -> list[Verdict]:
    """Find minimal sets of guarantees that no run to an end keeps together, though each can be kept alone.

    A guarantee that every run keeps conflicts with nothing, so only those that fall short are tried.
    """
    failing = ("violated", "inevitably violated", "never fulfilled")
    tried = [
        monitor
        for monitor in monitors
        if (verdict := verdicts.get(monitor.guarantee.name)) and verdict.kind in failing and not verdict.never
    ]
    conflicts: list[Verdict] = []
    for exploration in explorations if len(tried) > 1 else ():
        try:
            keepable = [monitor for monitor in tried if _can_keep_all(exploration, [monitor])]  # under these settings
            while len(core := _find_minimal_conflict(exploration, keepable)) > 1:
                conflicts.append(_describe_conflict(exploration, core))
                keepable = [monitor for monitor in keepable if monitor not in core]
                tried = [monitor for monitor in tried if monitor not in core]
        except TooMany:
            continue
    return conflicts


def _describe_conflict(exploration: Exploration, core: Sequence[Monitor]) -> Verdict:
    """Describe a minimal set; its verdict belongs to the last guarantee, which contradicts those before it."""
    *earlier, last = core
    edges: tuple[Edge, ...] = ()
    try:
        product = build_product(exploration, core)
        run = find_counted_path(product.build_runs(), product.select_places(product.is_broken)) or []
        edges = tuple(product.find_case_edge(edge) for edge in run)
    except (TooMany, Undecided):
        pass  # that they conflict is certain all the same
    named = tuple(monitor.guarantee for monitor in earlier)
    turn = max(0, len(edges) - 1)
    return Verdict(last.guarantee, "conflicting", edges, turn, conflicting=named, settings=exploration.changed_settings)


def _find_minimal_conflict(exploration: Exploration, monitors: Sequence[Monitor]) -> list[Monitor]:
    """Find a minimal set that cannot be kept together; empty where all can. Raises TooMany."""
    if _can_keep_all(exploration, monitors):
        return []
    core = list(monitors)
    for monitor in monitors:
        smaller = [member for member in core if member is not monitor]
        if smaller and not _can_keep_all(exploration, smaller):
            core = smaller
    return core


def _can_keep_all(exploration: Exploration, monitors: Sequence[Monitor]) -> bool:
    product = build_product(exploration, monitors, enough=True)
    return any(product.is_good_end(place) for place in range(len(product.pairs)))
