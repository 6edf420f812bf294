"""Find what was renamed between two versions of a procedure, by the ``was:`` keys of the new one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from fujin_cli.core.cases.child_outcomes import list_outcome_renames, map_outcomes
from fujin_cli.core.model.ids import RuleName
from fujin_cli.core.model.procedure import Procedure, Step
from fujin_cli.core.versions.ladder_matching import match_rungs

NO_CHILDREN: Mapping[str, Procedure] = MappingProxyType({})
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
    groups: NewNames = field(default_factory=dict)
    outcomes: NewNames = field(default_factory=dict)  # of the procedure's own ends
    child_outcomes: Mapping[str, NewNames] = field(default_factory=dict)  # by the new name of the group

    @property
    def is_identity(self) -> bool:
        """Whether every name stays the same."""
        plain = (self.steps, self.actions, self.fields, self.people, self.settings, self.groups, self.outcomes)
        maps = (*plain, self.unnamed, *self.child_outcomes.values())
        return all(old == new for names in maps for old, new in names.items())

    def new_group_name(self, name: str) -> str:
        """Give the new name of a group of child cases."""
        return self.groups.get(name, name)

    def new_child_outcome(self, group: str, outcome: str | None) -> str | None:
        """Give the new name of the outcome of a case in the group with that new name."""
        return self.child_outcomes.get(group, {}).get(outcome or "", outcome)

    def new_step_name(self, name: str) -> str:
        """Give the new name of a step."""
        return self.steps.get(name, name)

    def new_rule(self, rule: str) -> str:
        """Give the new rule of an action; it also changes where only its step was renamed."""
        if rule in self.actions:
            return self.actions[rule]
        return RuleName(rule).at_step(self.new_step_name(RuleName(rule).step))

    def new_move_rule(self, rule: str) -> str:
        """Give the new rule of an action, rung or automatic move; empty where the new version has no such one."""
        return self.unnamed[rule] if rule in self.unnamed else self.new_rule(rule)

    def new_action_name(self, rule: str) -> str:
        """Give the new name of the action with that old rule."""
        return RuleName(self.new_rule(rule)).within_step

    def event_names(self) -> dict[str, dict[str, Any]]:
        """Give the renames that concern a case and its events, as the event of a migration keeps them."""
        names: dict[str, dict[str, Any]] = {
            "steps": dict(self.steps),
            "actions": dict(self.actions),
            "fields": dict(self.fields),
            "people": dict(self.people),
            "unnamed": dict(self.unnamed),
        }
        if self.groups:
            names["groups"] = dict(self.groups)
        if self.outcomes:
            names["outcomes"] = dict(self.outcomes)
        if self.child_outcomes:
            names["child_outcomes"] = {group: dict(outcomes) for group, outcomes in self.child_outcomes.items()}
        return names

    def merge_names(self) -> dict[str, str]:
        """Merge the renames of all kinds, for comparing values that refer to any of them."""
        action_names = {RuleName(old).within_step: RuleName(new).within_step for old, new in self.actions.items()}
        child_outcomes = {was: name for outcomes in self.child_outcomes.values() for was, name in outcomes.items()}
        return {
            **child_outcomes,
            **self.outcomes,
            **action_names,
            **self.groups,
            **self.settings,
            **self.people,
            **self.fields,
            **self.steps,
        }


def find_renames(old: Procedure, new: Procedure, children: Mapping[str, Procedure] = NO_CHILDREN) -> Renames:
    """Find what ``new`` calls differently from ``old``. A ``was`` that fits no change of this pair is ignored.

    ``children`` are the procedures as of ``new``: their ends may have other names than ``old`` knew.
    """
    steps = _find_renamed(old.steps, ((step.name, was) for step in new.steps.values() for was in step.was))
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
        _find_renamed(old.openings_by_group(), _former_group_names(new)),
        {was: name for was, name in list_outcome_renames(new).items() if was in map_outcomes(old)},
        _find_child_outcomes(new, children),
    )


def list_current_children(version: Procedure, current: Callable[[str], Procedure | None]) -> dict[str, Procedure]:
    """List the procedures of the other cases whose outcomes a version may read, as they are now."""
    names = [opens.procedure for listed in version.openings_by_group().values() for opens in listed]
    names += [name for field in version.fields.values() if field.type == "case" for name in field.of]
    procedures = {name: current(name) for name in names}
    return {name: procedure for name, procedure in procedures.items() if procedure is not None}


def _former_group_names(new: Procedure) -> list[tuple[str, str | None]]:
    names = {name: new.groups[name].was if name in new.groups else None for name in new.openings_by_group()}
    return list(names.items())


def _find_child_outcomes(new: Procedure, children: Mapping[str, Procedure]) -> dict[str, NewNames]:
    """Find what the ends of other cases are called now, by the new name of their group or of the field."""
    procedures = {group: [opens.procedure for opens in listed] for group, listed in new.openings_by_group().items()}
    procedures |= {name: list(field.of) for name, field in new.fields.items() if field.type == "case"}
    renamed = {
        name: {
            was: outcome
            for child in listed
            if child in children
            for was, outcome in list_outcome_renames(children[child]).items()
        }
        for name, listed in procedures.items()
    }
    return {name: outcomes for name, outcomes in renamed.items() if outcomes}


def _match_unnamed_rules(old: Step, new: Step, steps: NewNames, settings: NewNames) -> dict[str, str]:
    """Map the rules whose numbers differ. Automatic moves match where they lead to the same step."""
    if (old.name, old.ladder, old.then, settings) == (new.name, new.ladder, new.then, {}):
        return {}
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
