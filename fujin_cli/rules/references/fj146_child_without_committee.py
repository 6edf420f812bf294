"""
# FJ146 · A case that no committee gets

A case that another one opens goes to the committee that `opens` names: a committee, or a field of the opening case.
Where it names none, the case goes to the opening case's own committee if that lists the procedure under `procedures`,
else to the only committee of the community that lists it. If none or several list it, nobody is responsible. A
committee that is named must list the procedure, too. It is a warning where the procedure names nobody of a committee:
its cases then go to the community's office.

Failing:

```yaml fail committees/C1-environment.yaml
procedures: [errand]
```

Passing:

```yaml pass procedures/errand.yaml
steps:
  asked:
    actions:
      send:
        opens:
          orders:
            procedure: order
            committee: C1-environment
            one_each: [helper]
            give: {task: summary}
            instead_of: [refused]
```

To fix it, add the procedure to the committee's file, or name another committee beside `procedure`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.case_scopes import CaseScope, case_scopes, is_always_set, titles_of
from fujin_cli.rules.support.child_openings import ChildOpening, child_openings
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import DefinedNames, unknown_name
from fujin_cli.rules.support.procedure_source import people

CODE = "FJ146"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every `opens` whose cases go to no committee, or to one that does not use their procedure."""
    scopes, unclear = case_scopes(context.workspace), _list_unclear_committees(context.workspace)
    reported = set()  # a procedure that opens another one in several places has one finding
    for opening in child_openings(context.workspace):
        committee, fields = opening.opens.committee, opening.opener.procedure.fields
        if committee is not None and committee not in fields:
            if committee not in unclear:
                yield from _check_named_committee(opening, committee)
        elif committee is None or not _is_set_before(opening, committee):
            opener = opening.opener.procedure.name
            communities = {context.workspace.organisation.committees[id].parent for id in unclear}
            clear_scopes = [scope for scope in scopes[opener] if scope.community not in communities]
            for finding in _check_own_committees(opening, clear_scopes):
                if (opener, opening.child.name) not in reported:
                    reported.add((opener, opening.child.name))
                    yield finding


def _list_unclear_committees(workspace: Workspace) -> set[str]:
    """List the committees that name a procedure which does not exist: it may be a typo for any that does (FJ109)."""
    committees = workspace.organisation.committees.values()
    return {unit.id for unit in committees if set(unit.details.get("procedures") or ()) - set(workspace.procedures)}


def _check_named_committee(opening: ChildOpening, committee: str) -> Iterator[Finding]:
    """Check a committee that the procedure names: it exists, and uses the procedure that is opened."""
    source, organisation = opening.opener, opening.organisation
    place = source.place((*opening.opens.route, "committee"))
    committees = source.files.named("committee")
    if committee not in committees:
        own = source.defined("fields")
        fitting = [field.name for field in source.procedure.fields.values() if field.type == "committee"]
        names = committees | DefinedNames({name: own.places.get(name) for name in fitting}, own.faulty, own.incomplete)
        if committee not in names:
            message = say("there is no committee {committee}, and no field of that name", committee=committee)
            yield unknown_name(CODE, message, place, committee, names)
    elif committee in organisation.committees and not organisation.uses_procedure(committee, opening.child.name):
        unit = organisation.committees[committee]
        message = say(
            "{committee} does not use the procedure {procedure}",
            committee=unit.title,
            procedure=opening.child.title or opening.child.name,
        )
        key = "procedures" if "procedures" in unit.details else "committee"
        related = (Related(say("the committee is defined here"), Place(unit.path, (key,), key=True)),)
        help = say("choose another committee, or add the procedure to its file: {key}", key="procedures")
        yield Finding(CODE, "error", message, place, help, related)


def _is_set_before(opening: ChildOpening, name: str) -> bool:
    """Whether the field has a value whenever the case is opened: from the beginning, or because the move needs it."""
    route = opening.opens.route[:-2]
    version = opening.opener.procedure
    needed = {i.field for _, action in version.all_actions() if action.route == route for i in action.needs}
    return is_always_set(version.fields[name]) or name in needed


def _check_own_committees(opening: ChildOpening, scopes: list[CaseScope]) -> Iterator[Finding]:
    """Check the committees whose cases open others without saying for whom."""
    child, organisation = opening.child, opening.organisation
    units, users = [], set()
    for scope in scopes:
        if scope.committee is None and child.case_of != "committee":
            continue  # the office of the community serves both
        if organisation.find_child_committee(child.name, scope.community, scope.committee) is None:
            units.append(scope.committee or scope.community)
            users |= {unit.id for unit in organisation.committees_of(scope.community, child.name)}
    if not units:
        return
    titles, procedure = titles_of(organisation, units), child.title or child.name
    message = say("opened in {units}, {procedure} has no committee: none uses it", units=titles, procedure=procedure)
    if users:
        message = say(
            "opened in {units}, {procedure} has no single committee: {committees} use it",
            units=titles,
            procedure=procedure,
            committees=titles_of(organisation, sorted(users)),
        )
    help = say("name a committee that uses it: {key}", key="committee: …")
    severity: Severity = "error" if needs_committee(child) else "warning"
    yield Finding(CODE, severity, message, opening.opener.place((*opening.opens.route, "procedure")), help)


def needs_committee(version: Procedure) -> bool:
    """Whether cases of a procedure need a committee: the procedure says so, or names people of it."""
    return version.case_of == "committee" or any(
        person.of == "committee" or person.kind == "seat" or (person.kind == "members" and person.value == "committee")
        for person in people(version)
    )
