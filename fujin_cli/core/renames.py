"""What a new version of a procedure calls differently: the names that its ``was:`` keys lead back to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from fujin_cli.core.procedure import Procedure, Rung, Step

Names = Mapping[str, str]  # old name → new name, only where they differ


@dataclass(frozen=True, slots=True)
class Renames:
    """Old names and their new ones, kind by kind. ``actions`` go by rule: ``handling.finish`` → ``work.complete``."""

    steps: Names = field(default_factory=dict)
    actions: Names = field(default_factory=dict)
    fields: Names = field(default_factory=dict)
    people: Names = field(default_factory=dict)
    settings: Names = field(default_factory=dict)

    def step(self, name: str) -> str:
        """What a step is called now."""
        return self.steps.get(name, name)

    def action(self, rule: str) -> str:
        """The rule of an action as it is called now; a step's new name alone is followed too."""
        if rule in self.actions:
            return self.actions[rule]
        place, _, rest = rule.partition(".")
        return f"{self.step(place)}.{rest}"

    def action_name(self, rule: str) -> str:
        """What the action with that old rule is called now."""
        return self.action(rule).partition(".")[2]

    def every(self) -> dict[str, str]:
        """All of them in one, for comparing what refers to them."""
        plain = {old.partition(".")[2]: new.partition(".")[2] for old, new in self.actions.items()}
        return {**plain, **self.settings, **self.people, **self.fields, **self.steps}


def renames_between(old: Procedure, new: Procedure) -> Renames:
    """What ``new`` calls differently from ``old``. A ``was`` that fits no change of this pair is passed over."""
    steps = _renamed(old.steps, ((step.name, step.was) for step in new.steps.values()))
    back = {there: here for here, there in steps.items()}
    actions: dict[str, str] = {}
    for step in new.steps.values():
        before = old.steps.get(back.get(step.name, step.name))
        if before is not None:
            found = _renamed(before.actions, ((action.name, action.was) for action in step.actions.values()))
            actions |= {f"{before.name}.{was}": f"{step.name}.{name}" for was, name in found.items()}
    found = _renamed(old.anytime, ((action.name, action.was) for action in new.anytime.values()))
    actions |= {f"anytime.{was}": f"anytime.{name}" for was, name in found.items()}
    return Renames(
        steps,
        actions,
        _renamed(old.fields, ((entry.name, entry.was) for entry in new.fields.values())),
        _renamed(old.people, ((entry.name, entry.was) for entry in new.people.values())),
        _renamed(old.settings, ((entry.name, entry.was) for entry in new.settings.values())),
    )


def _renamed(old: Mapping[str, object], new: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    listed = list(new)
    names = {name for name, _ in listed}
    return {was: name for name, was in listed if was and name not in old and was in old and was not in names}


def rung_names(step: Step) -> Iterator[tuple[str, Rung]]:
    """Every rung with a name that stays when rungs of another time are added: ``before-1``, ``at-1``, ``after-2``."""
    counts: dict[str, int] = {}
    for rung in step.ladder:
        counts[rung.when] = counts.get(rung.when, 0) + 1
        yield f"{rung.when}-{counts[rung.when]}", rung
