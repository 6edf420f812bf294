"""
# FJ317 · A clock that never starts or never stops

A clock counts the time between two events of a case, and is published. If no case can come to its start, it always
shows nothing; if none can come to its end, every case is late in the end.

Failing:

```yaml fail procedures/errand.yaml
clocks:
  reply: {from: opened, until: {tells: {chief: answer}}, within: answer-time}
```

Passing:

```yaml pass procedures/errand.yaml
clocks:
  reply: {from: opened, until: {tells: {asker: answer}}, within: answer-time}
```

To fix it, name events that happen, or remove the clock.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.event_patterns import atom_matches
from fujin_cli.core.explore.reachability import Exploration, cache_per_exploration
from fujin_cli.core.explore.state import Label
from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.model.procedure import Atom, Clock
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.core.wording.guarantees import describe_atom
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.procedure_source import ProcedureSource

CODE = "FJ317"
SEVERITY: Severity = "warning"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every clock whose start or end no case comes to."""
    for source, explorations in context.explored():
        for clock in source.procedure.clocks.values():
            for key, atom in (("from", clock.start), ("until", clock.until)):
                if not any(_can_happen(atom, exploration) for exploration in explorations):
                    yield _make_finding(source, clock, key, atom)


def _can_happen(atom: Atom, exploration: Exploration) -> bool:
    """Whether an event of some run matches the atom; its ``where`` is not judged, so it may hold."""
    return any(atom_matches(atom, event, exploration.model.version) for event in _list_events(exploration))


@cache_per_exploration
def _list_events(exploration: Exploration) -> list[Event]:
    """List the events of all runs, each kind once, with the rungs that explorations leave out as unwatched."""
    version = exploration.model.version
    labels = dict.fromkeys(edge.label for edges in (exploration.begins, *exploration.edges) for edge in edges)
    steps = {exploration.step_of(number) for number in range(len(exploration.states))}
    rungs = [
        Label("rung", rung.when, rung.rule, step=step) for step in sorted(steps) for rung in version.steps[step].ladder
    ]
    return [exploration.model.watch.build_event(label) for label in (*labels, *rungs)]


def _make_finding(source: ProcedureSource, clock: Clock, key: str, atom: Atom) -> Finding:
    name, event = clock.title or clock.name, describe_atom(atom, source.procedure)
    message: LocalizedText = (
        say("{clock} never starts, because this never happens: {event}", clock=name, event=event)
        if key == "from"
        else say("{clock} never stops, because this never happens: {event}", clock=name, event=event)
    )
    place = Place(source.file.path, (*clock.route, key), key=True)
    return Finding(CODE, "warning", message, place, say("name an event that happens, or remove the clock"))
