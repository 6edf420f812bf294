"""Restate a guarantee of the old version in the new version's names, so that the new version can be judged by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from fujin_cli.core.model.ids import OPENED, RuleName
from fujin_cli.core.model.procedure import Atom, Condition, Guarantee, Person, Procedure, Test
from fujin_cli.core.model.values import resolve_highest_value, resolve_lowest_value
from fujin_cli.core.versions.renames import Renames

IMPOSSIBLE = Atom("impossible", "")
"""Stands for events that the new version cannot have: of an action, step or group that it does not have."""
Values = Mapping[str, str]  # setting → what stands for it


@dataclass(frozen=True, slots=True)
class OldNames:
    """Lead from the names of an old version to those of a new one."""

    old: Procedure
    new: Procedure
    renames: Renames

    def restate_guarantee(self, guarantee: Guarantee, values: Values) -> Guarantee:
        """Restate a guarantee in the new version's names, with ``values`` in place of the old version's settings."""
        listed = {
            key: tuple(self._restate_several(atoms, values) if len(atoms) > 1 else self._restate_atoms(atoms, values))
            for key, atoms in guarantee.atoms.items()
        }
        return replace(
            guarantee,
            atoms=listed,
            except_for=tuple(self._restate_atoms(guarantee.except_for, values)),
            times=_resolve(guarantee.times, values),
            within=_resolve(guarantee.within, values),
            only=dict(self._restate_only(guarantee)),
        )

    def new_actions_of(self, name: str) -> tuple[str, ...]:
        """List what the new version calls an action; several where only the action of some steps was renamed."""
        rules = [action.rule for _, action in self.old.all_actions() if action.name == name]
        names = dict.fromkeys(self.renames.new_action_name(rule) for rule in rules)
        existing = {action.name for _, action in self.new.all_actions()}
        return tuple(new for new in names if new in existing)

    def _restate_several(self, atoms: tuple[Atom, ...], values: Values) -> Iterator[Atom]:
        """Restate listed atoms one by one: in some templates each is a role of its own."""
        for atom in atoms:
            yield next(iter(self._restate_atom(atom, values)), IMPOSSIBLE)

    def _restate_atoms(self, atoms: tuple[Atom, ...], values: Values) -> tuple[Atom, ...]:
        restated = tuple(new for atom in atoms for new in self._restate_atom(atom, values))
        return restated or ((IMPOSSIBLE,) if atoms else ())

    def _restate_atom(self, atom: Atom, values: Values) -> Iterator[Atom]:
        where = self._restate_condition(atom.where, values) if atom.where else None
        if where is not None and not where.alternatives:
            return
        for name in self._new_names_of(atom):
            detail = self.renames.fields.get(atom.detail, atom.detail) if atom.detail else None
            yield Atom(atom.kind, name, detail, where)

    def _new_names_of(self, atom: Atom) -> tuple[str, ...]:
        name, new = atom.name, self.new
        match atom.kind:
            case "action":
                return self.new_actions_of(name)
            case "enter" if name != "any end":
                step = self.renames.new_step_name(name)
                return (step,) if step in new.steps else ()
            case "overdue" | "time_up":
                step = self.renames.new_step_name(name)
                return (step,) if step in new.steps else ()
            case "amends":
                return (self.renames.fields.get(name, name),)
            case "tells":
                person = self.renames.people.get(name, name)
                return (person,) if person in new.people or name not in self.old.people else ()
            case "opens" | "answered":
                group = self.renames.new_group_name(name)
                return (group,) if group in new.openings_by_group() else ()
            case "end":
                outcome = self.renames.outcomes.get(name, name)
                return (outcome,) if not name or any(step.end == outcome for step in new.steps.values()) else ()
        return (name,)

    def _restate_condition(self, condition: Condition, values: Values) -> Condition:
        """Restate a condition; an alternative that reads what the new version does not have never holds."""
        alternatives = []
        for tests in condition.alternatives:
            restated = [self._restate_test(test, values) for test in tests]
            if all(restated):
                alternatives.append(tuple(test for test in restated if test is not None))
        return Condition(tuple(alternatives))

    def _restate_test(self, test: Test, values: Values) -> Test | None:
        texts = tuple(self._restate_text(test, text, values) for text in test.values)
        since = None
        if test.since is not None:
            since = next(iter(self._restate_atom(test.since, values)), IMPOSSIBLE)
        for name in self._new_subjects_of(test):
            return Test(test.kind, name, test.verb, texts, since)
        return None

    def _restate_text(self, test: Test, text: str, values: Values) -> str:
        """Restate a value that a test compares with: a setting, or the outcome of a child case."""
        if text in self.old.settings:
            return values.get(text, text)
        if test.kind in ("group", "case"):
            names = self.renames.groups if test.kind == "group" else self.renames.fields
            group = names.get(test.name, test.name)
            return self.renames.new_child_outcome(group, text) or text
        return text

    def _new_subjects_of(self, test: Test) -> tuple[str, ...]:
        name, new = test.name, self.new
        if test.kind in ("field", "case") and name in self.old.fields:
            old_field, field = self.old.fields[name], new.fields.get(self.renames.fields.get(name, name))
            same = field is not None and (field.type, field.item_type) == (old_field.type, old_field.item_type)
            return (field.name,) if field is not None and same else ()
        if test.kind == "times":
            return self.new_actions_of(name)
        if test.kind == "group":
            group = self.renames.new_group_name(name)
            return (group,) if group in new.openings_by_group() else ()
        return (name,)

    def _restate_only(self, guarantee: Guarantee) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Restate who alone may do what; ``old_people`` says who the names are."""
        for key, names in guarantee.only.items():
            people = tuple(self.name_of_old_person(name) for name in names)
            for action in self._new_keys_of(key):
                yield action, people

    def _new_keys_of(self, key: str) -> tuple[str, ...]:
        if key == OPENED:
            return (key,)
        if "." in key:
            step = RuleName(key).step
            rule = RuleName(key).at_step(self.renames.new_step_name(step))
            return (rule,) if any(action.rule == rule for _, action in self.new.all_actions()) else ()
        return self.new_actions_of(key)

    def name_of_old_person(self, name: str) -> str:
        """Give the name under which ``old_people`` has a person of the old version."""
        return f"{name} (old)" if name in self.old.people else name

    @property
    def old_people(self) -> dict[str, Person]:
        """The people of the old version, under names that the new version does not have."""
        return {
            self.name_of_old_person(name): replace(self._restate_person(person), name=self.name_of_old_person(name))
            for name, person in self.old.people.items()
        }

    def _restate_person(self, person: Person) -> Person:
        names = self.renames.people if person.kind == "name" else self.renames.fields
        return replace(
            person,
            value=names.get(person.value, person.value),
            excluded=tuple(map(self._restate_person, person.excluded)),
            groups=tuple(map(self._restate_person, person.groups)),
        )


def setting_profiles(version: Procedure) -> tuple[Values, Values, Values]:
    """Give all settings at their defaults, at their lowest and at their highest values."""
    return (
        {name: setting.default for name, setting in version.settings.items()},
        {name: resolve_lowest_value(version, name) for name in version.settings},
        {name: resolve_highest_value(version, name) for name in version.settings},
    )


def _resolve(text: str | None, values: Values) -> str | None:
    return None if text is None else values.get(text, text)
