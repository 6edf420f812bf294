"""
# FJ305 · A loop without a limit

Cases can go round here for ever: no move on the way back has a `limit`. Whoever waits for the end has no promise at
all. The run shows how a case enters the loop and goes round it once.

Failing:

```yaml fail procedures/errand.yaml
steps:
  checking:
    actions:
      redo: {title: redo, to: running, by: inspector}
```

Passing:

```yaml pass procedures/errand.yaml
steps:
  checking:
    actions:
      redo: {title: redo, to: running, by: inspector, limit: 2}
```

To mend it, give one of the moves of the loop a `limit`, and a `then` for what happens once it is used up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import date

from fujin_cli.core.explore import Exploration
from fujin_cli.core.explore_state import Edge
from fujin_cli.core.finding import Finding, Place, Severity
from fujin_cli.core.message import say
from fujin_cli.core.workspace import Workspace
from fujin_cli.rules.proofs import explored, shown

CODE = "FJ305"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures and nothing else


def check(workspace: Workspace, today: date) -> Iterator[Finding]:
    """One finding for each set of steps that a case can go round without a limit."""
    for reading, found in explored(workspace):
        told: set[frozenset[str]] = set()
        for entry in found:
            for loop in _loops(entry):
                steps = frozenset(edge.label.to for edge in loop if edge.label.to)
                if any(steps >= known for known in told):
                    continue
                told.add(steps)
                names = [edge.label.to for edge in loop if edge.label.to]
                titles = [reading.procedure.steps[name].title or name for name in names]
                yield Finding(
                    CODE,
                    "error",
                    say("cases can go round for ever: {steps}", steps=titles),
                    Place(reading.file.path, loop[0].label.route),
                    say("give one of these moves a limit"),
                    trace=shown(reading, [*entry.way_to(loop[0].source), *loop]),
                )


def _loops(found: Exploration) -> Iterator[list[Edge]]:
    """Shortest ways round, through moves without a limit, each beginning with one that enters a step."""
    tried: set[tuple[str, str | None]] = set()
    for edges in found.edges:
        for edge in edges:
            key = (edge.label.rule, edge.label.to)
            if edge.label.to is None or edge.label.limited or key in tried:
                continue
            back = _way(found, edge.target, edge.source)
            if back is not None:
                tried.add(key)
                yield [edge, *back]


def _way(found: Exploration, start: int, goal: int) -> list[Edge] | None:
    """A shortest way between two states without limited moves; None where there is none."""
    came: dict[int, Edge | None] = {start: None}
    todo = deque([start])
    while todo:
        number = todo.popleft()
        if number == goal:
            way: list[Edge] = []
            last = came[number]
            while last is not None:
                way.append(last)
                last = came[last.source]
            return way[::-1]
        for edge in found.edges[number]:
            if not edge.label.limited and edge.target not in came:
                came[edge.target] = edge
                todo.append(edge.target)
    return None
