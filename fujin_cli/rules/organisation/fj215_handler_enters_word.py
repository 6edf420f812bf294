"""
# FJ215 · Somebody who handles a case may enter the complainant's word on it

A contact acts through somebody who types it in (`through`). If the same person also handles the case, nothing but the
contact's proof keeps them from judging their own work: whoever handles may press the complainant, or use a code that
was left with them. Handling means acting at another step than the one where the contact speaks, also as the level to
which a late case is raised, or being a partner who does the work. A reopening that they enter is no judgement of their
work. Somebody who holds both roles on a roster counts, too, unless `not` excludes them. It is an error where the
contact needs no proof.

Failing:

```yaml fail procedures/errand.yaml
people:
  asker: {contact: asker, proof: acceptance-code, through: [clerk]}
```

Passing:

```yaml pass procedures/errand.yaml
people:
  asker: {contact: asker, proof: acceptance-code, through: [inspector]}
```

To fix it, name somebody in `through` who does nothing else in the case, exclude the others with `not`, or require
`different_people` for the two actions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fujin_cli.core.cases.actors import definition_of
from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.performers import list_performers
from fujin_cli.core.model.procedure import Action, Person, Procedure
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.case_scopes import CaseScope, case_scopes, titles_of
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.eligible_actors import EligibleActors
from fujin_cli.rules.support.procedure_source import ProcedureSource, procedure_sources

CODE = "FJ215"
SEVERITY: Severity = "warning"


@dataclass(frozen=True, slots=True)
class _Handling:
    """A person of the procedure who handles its cases, and where: an action, or the field that names a partner."""

    person: Person
    action: Action | None


def check(context: RuleContext) -> Iterator[Finding]:
    """Report everybody who may both handle a case and enter what its complainant says about it."""
    actors = EligibleActors(context.workspace, context.today)
    scopes = case_scopes(context.workspace)
    for source in procedure_sources(context.workspace):
        people = source.procedure.people
        for contact in people.values():
            verdicts = _list_actions_by(source.procedure, contact)
            if contact.kind != "contact" or not verdicts:
                continue
            for helper in (people[name] for name in contact.through if name in people):
                for handling in _list_handlings(source.procedure, contact, verdicts):
                    finding = _judge(source, actors, scopes[source.procedure.name], contact, helper, handling)
                    if finding is not None:
                        yield finding
                        break  # one finding for each helper, about the first thing they do


def _list_actions_by(version: Procedure, person: Person) -> list[tuple[str, Action]]:
    """List the actions at a step, with the step, that a person of the procedure may do.

    Reopening is left out: a handler who enters it makes work for themselves, so nobody is tempted to.
    """
    return [
        (step.name, action)
        for step in version.steps.values()
        for action in step.actions.values()
        if person.name in action.by
    ]


def _list_actions_when_raised(version: Procedure, person: Person) -> Iterator[tuple[str, Action]]:
    """List the actions at a step that the supervisors of a level may do once the case was raised to them."""
    if person.kind == "role" and person.value == "supervisor":
        for step in version.steps.values():
            for action in step.actions.values():
                if any(
                    performer.how == "raised" and performer.name == person.of
                    for performer in list_performers(version, action)
                ):
                    yield step.name, action


def _list_handlings(version: Procedure, contact: Person, verdicts: list[tuple[str, Action]]) -> Iterator[_Handling]:
    """List who handles a case before or after the contact speaks, except where other people must do the two."""
    spoken_at = {step for step, _ in verdicts}
    for person in version.people.values():
        if person.kind == "partner":
            yield _Handling(person, None)
        if person.kind == "contact":
            continue
        for step, action in [*_list_actions_by(version, person), *_list_actions_when_raised(version, person)]:
            if step not in spoken_at and not _must_differ(version, action, verdicts):
                yield _Handling(person, action)


def _must_differ(version: Procedure, action: Action, verdicts: list[tuple[str, Action]]) -> bool:
    """Whether guarantees of ``different_people`` keep whoever does the action from entering each of the verdicts."""
    kept_apart: set[str] = set()
    for guarantee in version.guarantees.values():
        names = {atom.name for atom in guarantee.atoms.get("different_people", ())}
        if {action.name, action.rule} & names:
            kept_apart |= names
    return all({verdict.name, verdict.rule} & kept_apart for _, verdict in verdicts)


def _judge(
    source: ProcedureSource,
    actors: EligibleActors,
    scopes: list[CaseScope],
    contact: Person,
    helper: Person,
    handling: _Handling,
) -> Finding | None:
    """Return the finding if the helper can be the one who handles: by definition, or by the rosters."""
    person = handling.person
    severity: Severity = "warning" if contact.proof else "error"
    titles = {"helper": helper.title or helper.name, "contact": contact.title or contact.name}
    if _is_same(helper, person):
        message = (
            say("{helper} may enter what {contact} says, and does the work as a partner", **titles)
            if handling.action is None
            else say(
                "{helper} may enter what {contact} says, and may also do {action}",
                **titles,
                action=handling.action.title or handling.action.name,
            )
        )
    else:
        units = _find_units_with_both(source.procedure, actors, scopes, helper, person)
        if not units:
            return None
        message = say(
            "in {units}, the same person can be {helper}, who enters what {contact} says, and {handler}, who handles",
            **titles,
            handler=person.title or person.name,
            units=titles_of(actors.organisation, units),
        )
    place = source.place((*contact.route, "through"), helper.name)
    help = say("let somebody enter it who does nothing else in the case, or exclude the others with `not`")
    return Finding(CODE, severity, message, place, help, _point_at_handling(source, handling))


def _point_at_handling(source: ProcedureSource, handling: _Handling) -> tuple[Related, ...]:
    if handling.action is None:
        return ()
    place = Place(source.file.path, (*handling.action.route, "by"))
    return (Related(say("they handle the case here"), place),)


def _is_same(helper: Person, person: Person) -> bool:
    """Whether a name of ``through``, or one of the group that it stands for, is defined as ``person`` is."""
    return helper.name == person.name or any(
        definition_of(member) == definition_of(person) for member in (helper.groups or (helper,))
    )


def _find_units_with_both(
    version: Procedure, actors: EligibleActors, scopes: list[CaseScope], helper: Person, person: Person
) -> list[str]:
    """List the units whose rosters have somebody who is both."""
    return list(
        dict.fromkeys(
            scope.committee or scope.community
            for scope in scopes
            if actors.is_decided(helper, scope)
            and actors.is_decided(person, scope)
            and actors.eligible(version, helper, scope) & actors.eligible(version, person, scope)
        )
    )
