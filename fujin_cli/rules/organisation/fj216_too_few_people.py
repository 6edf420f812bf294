"""
# FJ216 · More different people are required than the roster has

Only actions put people into this list, each the one who acts, so it can never be longer than there are people who may
act, those to whom the case may be raised included. Here a guard, a quorum or a guarantee requires more. Or more actions
must be done by different people (`different_people`) than there are people for them. Such a case cannot go on, however
many act.

Failing:

```yaml fail procedures/errand.yaml
fields: {present: {type: list, of: person, computed: yes}}
steps:
  checking:
    actions:
      come: {title: come, by: chief, adds: {present: actor}}
      agree: {title: agree, to: declined, by: chief, when: {present: {at_least: 3}}, tell: {asker: answer}}
```

Passing:

```yaml pass procedures/errand.yaml
fields: {present: {type: list, of: person, computed: yes}}
steps:
  checking:
    actions:
      come: {title: come, by: [chief, inspector], adds: {present: actor}}
      agree: {title: agree, to: declined, by: chief, when: {present: {at_least: 3}}, tell: {asker: answer}}
```

To fix it, give more people on that roster the role, let other roles take part, or require fewer people.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.model.procedure import Action, Procedure, Test
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.case_scopes import CaseScope, case_scopes, rosters_of, titles_of
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.eligible_actors import EligibleActors, names_entering
from fujin_cli.rules.support.procedure_source import ProcedureSource, procedure_sources

CODE = "FJ216"
SEVERITY: Severity = "error"
MOST_COMPARED = 12  # actions of one guarantee


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every number of people, in a test of a list or in `different_people`, that some unit does not have."""
    actors = EligibleActors(context.workspace, context.today)
    scopes = case_scopes(context.workspace)
    for source in procedure_sources(context.workspace):
        checker = _PeopleCount(context, actors, source, scopes[source.procedure.name])
        for test in _list_tests(source.procedure):
            yield from checker.check_test(test)
        for guarantee in source.procedure.guarantees.values():
            names = [atom.name for atom in guarantee.atoms.get("different_people", ())]
            if 2 < len(names) <= MOST_COMPARED:  # of two actions FJ406 speaks
                yield from checker.check_different(names, source.place(("guarantees",), guarantee.name))


class _PeopleCount:
    """Compare the numbers of people that one procedure requires with those who may act, unit by unit."""

    def __init__(
        self, context: RuleContext, actors: EligibleActors, source: ProcedureSource, scopes: Sequence[CaseScope]
    ) -> None:
        self.organisation = context.workspace.organisation
        self.actors, self.source, self.scopes = actors, source, scopes
        self.version = source.procedure
        raised = (rung.raises for step in self.version.steps.values() for rung in step.ladder)
        self.levels = sorted({level for level in raised if level})

    def check_test(self, test: Test) -> Iterator[Finding]:
        """Report a test that a list has at least so many people."""
        adders = _list_adders(self.version, test.name) if test.kind == "field" and test.verb == "at_least" else []
        short: dict[tuple[Severity, int, int], list[str]] = {}
        for scope in self.scopes if adders else ():
            people = [self._list_doers(action, scope) for action in adders]
            needed = self._resolve_count(test.values[0], scope)
            available = frozenset().union(*(doers for doers in people if doers is not None))
            if needed is not None and None not in people and len(available) < needed:
                short.setdefault((scope.severity, needed, len(available)), []).append(_unit_of(scope))
        for (severity, needed, available_count), units in short.items():
            yield self._make_finding(severity, self.source.place_of_test(test), units, needed, available_count)

    def check_different(self, names: Sequence[str], place: Place) -> Iterator[Finding]:
        """Report actions that different people must do where there is no way to give each to somebody else."""
        short: dict[tuple[Severity, int], list[str]] = {}
        for scope in self.scopes:
            actions = [[a for _, a in self.version.all_actions() if a.name == name] for name in names]
            doers = [self._union([self._list_doers(action, scope) for action in same]) for same in actions]
            if all(doers) and None not in doers:
                assigned = _count_assigned([people or frozenset() for people in doers])
                if assigned < len(names):
                    short.setdefault((scope.severity, assigned), []).append(_unit_of(scope))
        for (severity, assigned), units in short.items():
            yield self._make_finding(severity, place, units, len(names), assigned)

    @staticmethod
    def _union(people: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
        return None if None in people else frozenset().union(*(doers for doers in people if doers is not None))

    def _list_doers(self, action: Action, scope: CaseScope) -> frozenset[str] | None:
        """List the people who may do an action; None where rosters do not decide that."""
        names = [name for by in action.by for name in self._names_entering(by)]
        people = [self.version.people[name] for name in names if name in self.version.people]
        decided = len(people) == len(names) and all(self.actors.is_decided(person, scope) for person in people)
        if not decided:
            return None
        eligible = [self.actors.eligible(self.version, person, scope) for person in people]
        return frozenset().union(*eligible, *(self._list_supervisors(level, scope) for level in self.levels))

    def _list_supervisors(self, level: str, scope: CaseScope) -> frozenset[str]:
        """List who may act, too, once the case was raised to a level."""
        unit = self.organisation.unit_at(level, scope.community, scope.committee) or ""
        return self.actors.holders.get((unit, "supervisor"), frozenset())

    def _names_entering(self, name: str) -> tuple[str, ...]:
        person = self.version.people.get(name)
        return (name,) if person is None or person.kind == "contact" else names_entering(person)

    def _resolve_count(self, text: str, scope: CaseScope) -> int | None:
        setting = self.version.settings.get(text)
        if setting is not None:
            own = self.organisation.find_setting(scope.community, scope.committee, self.version.name, text)
            text = own or setting.default
        return int(text) if text.isdigit() else None

    def _make_finding(self, severity: Severity, place: Place, units: list[str], needed: int, available: int) -> Finding:
        return Finding(
            CODE,
            severity,
            say(
                "in {units}, {needed} different people are required, and only {available} can act",
                units=titles_of(self.organisation, units),
                needed=needed,
                available=available,
            ),
            place,
            say("give more people on that roster the role, let other roles take part, or require fewer people"),
            rosters_of(self.organisation, units),
        )


def _list_tests(version: Procedure) -> Iterator[Test]:
    """List the tests of guards and guarantees; none where no list is filled with actors alone."""
    if any(field.is_list and field.item_type == "person" and field.computed for field in version.fields.values()):
        from fujin_cli.core.explore.abstraction import list_guards  # this family runs at the start of every command

        yield from list_guards(version)


def _unit_of(scope: CaseScope) -> str:
    return scope.committee or scope.community


def _list_adders(version: Procedure, name: str) -> list[Action]:
    """List the actions that put their actors into a list; none where people can get into it in another way."""
    field = version.fields.get(name)
    if field is None or not field.is_list or field.item_type != "person" or not field.computed:
        return []
    actions = [action for _, action in version.all_actions()]
    if any(input.field == name for action in actions for input in action.inputs):
        return []
    adders = [action for action in actions if action.by and name in action.effects.adds]
    adding = sum(name in effects.adds for effects in version.all_effects())
    return adders if adding == len(adders) else []


def _count_assigned(doers: Sequence[frozenset[str]]) -> int:
    """Count the actions that can each be given to somebody else (augmenting paths)."""
    action_of: dict[str, int] = {}

    def assign(action: int, tried: set[str]) -> bool:
        for person in sorted(doers[action] - tried):
            tried.add(person)
            if person not in action_of or assign(action_of[person], tried):
                action_of[person] = action
                return True
        return False

    return sum(assign(action, set()) for action in range(len(doers)))
