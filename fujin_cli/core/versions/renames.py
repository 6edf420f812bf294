"""What a new version of a procedure calls differently: the names that its ``was:`` keys lead back to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from fujin_cli.core.model.procedure import Procedure, Step
from fujin_cli.core.versions.ladder_matching import same_rungs

Names = Mapping[str, str]  # old name → new name, only where they differ


@dataclass(frozen=True, slots=True)
class Renames:
    """Old names and their new ones, kind by kind. ``actions`` go by rule: ``handling.finish`` → ``work.complete``.

    ``unnamed`` are the rules of what has a number for a name: rungs, and moves that nobody makes (``doing.ladder.2``).
    They lead to nothing (an empty text) where the new version has no such rung or move.
    """

    steps: Names = field(default_factory=dict)
    actions: Names = field(default_factory=dict)
    fields: Names = field(default_factory=dict)
    people: Names = field(default_factory=dict)
    settings: Names = field(default_factory=dict)
    unnamed: Names = field(default_factory=dict)

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

    def names(self) -> dict[str, dict[str, str]]:
        """What a case and its events call differently: as the event of a migration keeps it."""
        return {
            "steps": dict(self.steps),
            "actions": dict(self.actions),
            "fields": dict(self.fields),
            "people": dict(self.people),
            "unnamed": dict(self.unnamed),
        }

    def every(self) -> dict[str, str]:
        """All of them in one, for comparing what refers to them."""
        plain = {old.partition(".")[2]: new.partition(".")[2] for old, new in self.actions.items()}
        return {**plain, **self.settings, **self.people, **self.fields, **self.steps}


def renames_between(old: Procedure, new: Procedure) -> Renames:
    """What ``new`` calls differently from ``old``. A ``was`` that fits no change of this pair is passed over."""
    steps = _renamed(old.steps, ((step.name, step.was) for step in new.steps.values()))
    settings = _renamed(old.settings, ((entry.name, entry.was) for entry in new.settings.values()))
    actions: dict[str, str] = {}
    unnamed: dict[str, str] = {}
    for before in old.steps.values():
        step = new.steps.get(steps.get(before.name, before.name))
        if step is not None:
            found = _renamed(before.actions, ((action.name, action.was) for action in step.actions.values()))
            actions |= {f"{before.name}.{was}": f"{step.name}.{name}" for was, name in found.items()}
            unnamed |= _unnamed(before, step, steps, settings)
    found = _renamed(old.anytime, ((action.name, action.was) for action in new.anytime.values()))
    actions |= {f"anytime.{was}": f"anytime.{name}" for was, name in found.items()}
    return Renames(
        steps,
        actions,
        _renamed(old.fields, ((entry.name, entry.was) for entry in new.fields.values())),
        _renamed(old.people, ((entry.name, entry.was) for entry in new.people.values())),
        settings,
        unnamed,
    )


def _unnamed(old: Step, new: Step, steps: Names, settings: Names) -> dict[str, str]:
    """The rules whose numbers differ. Of moves that nobody makes, those that lead to the same step are the same."""
    rungs = {rung.index: rung.rule for rung in new.ladder}
    pairs = same_rungs(old, new, settings)
    found = {rung.rule: rungs[pairs[rung.index]] if rung.index in pairs else "" for rung in old.ladder}
    left = list(new.then)
    for move in old.then:
        same = next((other for other in left if other.to == steps.get(move.to or "", move.to)), None)
        found[move.rule] = same.rule if same else ""
        if same:
            left.remove(same)
    return {rule: now for rule, now in found.items() if now != f"{new.name}.{rule.partition('.')[2]}"}


def _renamed(old: Mapping[str, object], new: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    listed = list(new)
    names = {name for name, _ in listed}
    return {was: name for name, was in listed if was and name not in old and was in old and was not in names}
