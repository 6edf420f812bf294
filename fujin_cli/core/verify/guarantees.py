"""Whether a procedure keeps its guarantees on every run: kept, or one of the ways in which each falls short.

docs/explanation/verification.md has the four ways. One guarantee has one verdict, and one fault one verdict of one
guarantee.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from fujin_cli.core.explore import graph
from fujin_cli.core.explore.counted_atoms import asks_counts
from fujin_cli.core.explore.feasible_paths import Runs, Undecided, find_counted_path, find_feasible_lasso
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.model.procedure import Atom, Guarantee, Procedure
from fujin_cli.core.verify.automata import LOST
from fujin_cli.core.verify.monitors import Monitor, Role, build_forbidding_monitor, build_monitor
from fujin_cli.core.verify.prefilter import collect_marks, find_suspects
from fujin_cli.core.verify.product import Letters, Product, TooMany, build_product

VerdictKind = Literal["violated", "inevitably violated", "never fulfilled", "vacuous", "conflicting", "undecided"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one guarantee falls short.

    ``run`` shows it, and ``turn`` is the place in it of the event that breaks the promise, after which no run keeps it
    (doomed), or with which the round begins (owed). ``never`` says that no run at all keeps it. ``others`` are
    guarantees with which this one cannot be kept, ``settings`` those under which it happens where they matter.
    """

    guarantee: Guarantee
    kind: VerdictKind
    run: tuple[Edge, ...] = ()
    turn: int = 0
    never: bool = False
    others: tuple[Guarantee, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)


MOST_COUNTED = 100  # how far a promise may count and still be decided


def judge_guarantees(version: Procedure, explorations: Sequence[Exploration]) -> list[Verdict]:
    """A verdict for each guarantee that is not kept on every run, in the order of the file."""
    every = [monitor for guarantee in version.guarantees.values() if (monitor := build_monitor(guarantee))]
    monitors = [monitor for monitor in every if int(monitor.guarantee.times or 1) <= MOST_COUNTED]
    found = {m.guarantee.name: Verdict(m.guarantee, "undecided") for m in every if m not in monitors}
    for exploration in explorations:
        for verdict in _falling_short(exploration, monitors):
            known = found.get(verdict.guarantee.name)
            if known is None or _worse(verdict, known):
                found[verdict.guarantee.name] = verdict
    for conflict in _conflicts(explorations, monitors, found):
        for guarantee in (conflict.guarantee, *conflict.others):
            found.pop(guarantee.name, None)
        found[conflict.guarantee.name] = conflict
    for monitor in _vacuous(explorations, monitors):
        found.setdefault(monitor.guarantee.name, Verdict(monitor.guarantee, "vacuous"))
    return [found[name] for name in version.guarantees if name in found]


def _worse(one: Verdict, other: Verdict) -> bool:
    """What is certain before what could not be decided, and the shorter run first."""
    if "undecided" in (one.kind, other.kind):
        return other.kind == "undecided" != one.kind
    return len(one.run) < len(other.run)


def _falling_short(found: Exploration, monitors: Sequence[Monitor]) -> list[Verdict]:
    try:
        doubtful = find_suspects(found, monitors)
    except TooMany:
        doubtful = set(range(len(monitors)))
    loops = _may_go_round(found)
    verdicts = []
    for place, monitor in enumerate(monitors):
        if place in doubtful or loops:
            verdict = _looked_into(found, monitor)
            if verdict is not None:
                verdicts.append(verdict)
    return verdicts


def _looked_into(found: Exploration, monitor: Monitor) -> Verdict | None:
    """The verdict over one guarantee alone; None where it is kept."""
    try:
        product = build_product(found, [monitor])
        runs = product.runs()
        run = find_counted_path(runs, product.places(product.broken))
        if run is not None:
            return _broken(product, runs, run)
        return _owed(product, runs)
    except (TooMany, Undecided):
        return Verdict(monitor.guarantee, "undecided", settings=found.unusual)


def _broken(product: Product, runs: Runs, run: Sequence[Edge]) -> Verdict:
    """Violated; doomed where it was lost earlier than one event before the one that shows it, or from the beginning."""
    ending = graph.find_ancestors_by(runs.into.__getitem__, product.places(product.at_end))
    endless = set(range(len(product.pairs))) - ending
    hopeless = endless - product.places(product.broken)  # no end at all: that is a finding of its own
    hopeful = graph.find_ancestors_by(runs.into.__getitem__, product.places(product.good) | hopeless)
    shows = len(run) - 1
    doom = next((place for place, edge in enumerate(run) if edge.target not in hopeful), shows)
    never = not any(edge.target in hopeful for edge in product.begins)
    way: VerdictKind = "inevitably violated" if doom < shows - 1 or never else "violated"
    turn = doom if way == "inevitably violated" else shows
    shown = tuple(product.original(edge) for edge in run)
    return Verdict(product.monitors[0].guarantee, way, shown, turn, never, settings=product.found.unusual)


def _owed(product: Product, runs: Runs) -> Verdict | None:
    """Owed for ever: a way round without a limit on which the promise is never kept."""
    owing = product.places(lambda place: not product.kept(place) and LOST not in product.pairs[place][1])
    lasso = find_feasible_lasso(runs, owing, with_one=_arrives)
    if lasso is None:
        return None
    way, round = lasso
    shown = tuple(product.original(edge) for edge in (*way, *round))
    return Verdict(product.monitors[0].guarantee, "never fulfilled", shown, len(way), settings=product.found.unusual)


def _arrives(edge: Edge) -> bool:
    """Whether the case comes to a step: noting something for ever keeps nobody from anything."""
    return edge.label.to is not None


def _may_go_round(found: Exploration) -> bool:
    """Whether there is any way round without a limit that comes to a step again."""
    steps = found.model.shape.steps
    place = {name: number for number, name in enumerate(steps)}
    ways: list[dict[int, Edge]] = [{} for _ in steps]
    for listed in found.edges:
        for edge in listed:
            if edge.label.to is not None and not edge.label.limited:
                target = place[edge.label.to]
                ways[place[edge.label.step]][target] = edge._replace(source=place[edge.label.step], target=target)
    listed_ways = [list(entry.values()) for entry in ways]
    component = graph.find_components(listed_ways)
    return any(component[edge.source] == component[edge.target] for listed in listed_ways for edge in listed)


# promises that say nothing


def _vacuous(explorations: Sequence[Exploration], monitors: Sequence[Monitor]) -> list[Monitor]:
    """Monitors of whose triggers too few can happen under any choice of settings."""
    marks = collect_marks(explorations)
    found = explorations[0]
    return [
        monitor
        for monitor in monitors
        if _about_nothing(found.model.version, monitor.guarantee)
        or (
            monitor.triggers
            and sum(_happens(explorations, monitor, role, marks) for role in monitor.triggers) < monitor.needed
        )
    ]


def _about_nothing(version: Procedure, guarantee: Guarantee) -> bool:
    """Whether it forbids only what no case of such steps can do: to be overdue or to have its time up there."""
    forbidden = guarantee.atoms.get("never") or guarantee.atoms.get("at_most") if len(guarantee.atoms) == 1 else None
    return bool(forbidden) and all(_idle(version, atom) for atom in forbidden or ())


def _idle(version: Procedure, atom: Atom) -> bool:
    step = version.steps.get(atom.name)
    if step is None or atom.kind not in ("overdue", "time_up"):
        return False
    return step.lasts is None if atom.kind == "time_up" else all(rung.reminds for rung in step.ladder)


def _happens(explorations: Sequence[Exploration], monitor: Monitor, role: Role, marks: int) -> bool:
    if any(asks_counts(atom) for atom in role):
        lost = build_forbidding_monitor(monitor.guarantee, role)
        return any(_is_suspected(found, lost) for found in explorations)
    own = Monitor(monitor.guarantee, (role,), monitor.machine)
    return bool(Letters(explorations[0], own).of(marks, stays=False))


def _is_suspected(found: Exploration, monitor: Monitor) -> bool:
    try:
        return bool(find_suspects(found, [monitor]))
    except TooMany:
        return True


# promises that contradict one another


def _conflicts(
    explorations: Sequence[Exploration], monitors: Sequence[Monitor], verdicts: Mapping[str, Verdict]
) -> list[Verdict]:
    """Minimal sets that no run to an end keeps together, of guarantees that can each be kept.

    What every run keeps conflicts with nothing, so only those that fall short are tried.
    """
    open_to_it = ("violated", "inevitably violated", "never fulfilled")
    tried = [
        monitor
        for monitor in monitors
        if (verdict := verdicts.get(monitor.guarantee.name)) and verdict.kind in open_to_it and not verdict.never
    ]
    found: list[Verdict] = []
    for exploration in explorations if len(tried) > 1 else ():
        try:
            here = [monitor for monitor in tried if _can_keep(exploration, [monitor])]  # under these settings
            while len(core := _conflicting(exploration, here)) > 1:
                found.append(_conflict(exploration, core))
                here = [monitor for monitor in here if monitor not in core]
                tried = [monitor for monitor in tried if monitor not in core]
        except TooMany:
            continue
    return found


def _conflict(found: Exploration, core: Sequence[Monitor]) -> Verdict:
    """The verdict over a minimal set; it stands at the last one, which contradicts those before it."""
    *others, last = core
    shown: tuple[Edge, ...] = ()
    try:
        product = build_product(found, core)
        run = find_counted_path(product.runs(), product.places(product.broken)) or []
        shown = tuple(product.original(edge) for edge in run)
    except (TooMany, Undecided):
        pass  # that they conflict is certain all the same
    named = tuple(other.guarantee for other in others)
    turn = max(0, len(shown) - 1)
    return Verdict(last.guarantee, "conflicting", shown, turn, others=named, settings=found.unusual)


def _conflicting(found: Exploration, monitors: Sequence[Monitor]) -> list[Monitor]:
    """A minimal set that cannot be kept together; empty where all can. Raises TooMany."""
    if _can_keep(found, monitors):
        return []
    core = list(monitors)
    for monitor in monitors:
        rest = [other for other in core if other is not monitor]
        if rest and not _can_keep(found, rest):
            core = rest
    return core


def _can_keep(found: Exploration, monitors: Sequence[Monitor]) -> bool:
    product = build_product(found, monitors, enough=True)
    return any(product.good(place) for place in range(len(product.pairs)))
