"""Find what was renamed between two versions of a procedure, by the ``was:`` keys of the new one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from fujin_cli.core.model.ids import RuleName
from fujin_cli.core.model.procedure import Procedure, Step
from fujin_cli.core.versions.ladder_matching import match_rungs

NewNames = Mapping[str, str]  # old name → new name, only where they differ


@dataclass(frozen=True, slots=True)
class Renames:
    """Map old names to new ones, by kind. ``actions`` go by rule: ``handling.finish`` → ``work.complete``.

    ``unnamed`` maps the rules of rungs and automatic moves, which have numbers for names (``doing.ladder.2``); to an
    empty text where the new version has no such rung or move.
    """

    steps: NewNames = field(default_factory=dict)
    actions: NewNames = field(default_factory=dict)
    fields: NewNames = field(default_factory=dict)
    people: NewNames = field(default_factory=dict)
    settings: NewNames = field(default_factory=dict)
    unnamed: NewNames = field(default_factory=dict)

    def new_step_name(self, name: str) -> str:
        """Give the new name of a step."""
        return self.steps.get(name, name)

    def new_rule(self, rule: str) -> str:
        """Give the new rule of an action; it also changes where only its step was renamed."""
        if rule in self.actions:
            return self.actions[rule]
        return RuleName(rule).at_step(self.new_step_name(RuleName(rule).step))

    def new_action_name(self, rule: str) -> str:
        """Give the new name of the action with that old rule."""
        return RuleName(self.new_rule(rule)).within_step

    def event_names(self) -> dict[str, dict[str, str]]:
        """Give the renames that concern a case and its events, as the event of a migration keeps them."""
        return {
            "steps": dict(self.steps),
            "actions": dict(self.actions),
            "fields": dict(self.fields),
            "people": dict(self.people),
            "unnamed": dict(self.unnamed),
        }

    def merge_names(self) -> dict[str, str]:
        """Merge the renames of all kinds, for comparing values that refer to any of them."""
        action_names = {RuleName(old).within_step: RuleName(new).within_step for old, new in self.actions.items()}
        return {**action_names, **self.settings, **self.people, **self.fields, **self.steps}


def find_renames(old: Procedure, new: Procedure) -> Renames:
    """Find what ``new`` calls differently from ``old``. A ``was`` that fits no change of this pair is ignored."""
    steps = _find_renamed(old.steps, ((step.name, step.was) for step in new.steps.values()))
    settings = _find_renamed(old.settings, ((declared.name, declared.was) for declared in new.settings.values()))
    actions: dict[str, str] = {}
    unnamed: dict[str, str] = {}
    for old_step in old.steps.values():
        step = new.steps.get(steps.get(old_step.name, old_step.name))
        if step is not None:
            renamed_actions = _find_renamed(
                old_step.actions, ((action.name, action.was) for action in step.actions.values())
            )
            actions |= {
                RuleName.of_action(old_step.name, was): RuleName.of_action(step.name, name)
                for was, name in renamed_actions.items()
            }
            unnamed |= _match_unnamed_rules(old_step, step, steps, settings)
    renamed_actions = _find_renamed(old.anytime, ((action.name, action.was) for action in new.anytime.values()))
    actions |= {
        RuleName.of_action("anytime", was): RuleName.of_action("anytime", name) for was, name in renamed_actions.items()
    }
    return Renames(
        steps,
        actions,
        _find_renamed(old.fields, ((declared.name, declared.was) for declared in new.fields.values())),
        _find_renamed(old.people, ((declared.name, declared.was) for declared in new.people.values())),
        settings,
        unnamed,
    )


def _match_unnamed_rules(old: Step, new: Step, steps: NewNames, settings: NewNames) -> dict[str, str]:
    """Map the rules whose numbers differ. Automatic moves match where they lead to the same step."""
    rungs = {rung.index: rung.rule for rung in new.ladder}
    pairs = match_rungs(old, new, settings)
    new_rules = {rung.rule: rungs[pairs[rung.index]] if rung.index in pairs else "" for rung in old.ladder}
    unmatched = list(new.then)
    for move in old.then:
        same = next((candidate for candidate in unmatched if candidate.to == steps.get(move.to or "", move.to)), None)
        new_rules[move.rule] = same.rule if same else ""
        if same:
            unmatched.remove(same)
    return {rule: now for rule, now in new_rules.items() if now != rule.at_step(new.name)}


def _find_renamed(old: Mapping[str, object], new: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    listed = list(new)
    names = {name for name, _ in listed}
    return {was: name for name, was in listed if was and name not in old and was in old and was not in names}
