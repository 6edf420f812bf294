"""
# FJ217 · A community with too few partners for a procedure

An action or the opening of the procedure must name partners, and fewer partners serve this community than it needs. A
case there cannot go on: nobody can be convened or sent an order.

Failing:

```yaml fail partners.yaml
partners:
  city-care: {serves: [C1]}
```

Passing:

```yaml pass partners.yaml
partners:
  city-care: {serves: [C1, C2]}
```

To fix it, add the community to `serves` of partners, or add a partner: `fujin partner new ID --serves COMMUNITY`. If
cases of this procedure are to be handled elsewhere, the warning may stay.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Field, Input, Procedure
from fujin_cli.core.text.localized import LocalizedText, say, say_count
from fujin_cli.rules.support.case_scopes import CaseScope, case_scopes, title_of_unit
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.procedure_source import ProcedureSource, procedure_sources

CODE = "FJ217"
SEVERITY: Severity = "warning"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every number of partners that must be named and that a community does not have."""
    workspace = context.workspace
    if any(file.pruned or file.tree is None for file in workspace.files if file.kind == "partners"):
        return
    scopes = case_scopes(workspace)
    path = workspace.path_of("jurisdiction")
    for source in procedure_sources(workspace):
        reported: set[tuple[str, str]] = set()  # community and field
        for place, field, least in _list_needs(source):
            for scope in scopes.get(source.procedure.name, ()):
                needed = _resolve_count(least, source.procedure, scope, workspace.organisation)
                available = _count_partners(workspace.organisation, scope.community)
                if available < needed and (scope.community, field.name) not in reported:
                    reported.add((scope.community, field.name))
                    yield _make_finding(
                        Place(path, ("communities", scope.community), key=True),
                        say_count(
                            "in {unit}, {procedure} needs {count} partner in {field}, and {available} serve there",
                            "in {unit}, {procedure} needs {count} partners in {field}, and {available} serve there",
                            count=needed,
                            unit=title_of_unit(workspace.organisation, scope.community),
                            procedure=source.procedure.title or source.procedure.name,
                            field=field.title or field.name,
                            available=available,
                        ),
                        place,
                    )


def _list_needs(source: ProcedureSource) -> Iterator[tuple[Place, Field, str]]:
    """List the fields of partners that must be filled in, with the least number of partners."""
    version = source.procedure
    if set(version.opened_by) - {"procedure"}:
        for field in version.fields.values():
            if field.item_type == "partner" and field.required:
                yield source.place(field.route), field, field.at_least or "1"
    for _step, action in version.all_actions():
        for need in action.needs:
            own = version.fields.get(need.field)
            if own is not None and own.item_type == "partner":
                yield source.place(need.route), own, _least_of(need, own)


def _least_of(need: Input, field: Field) -> str:
    """Return the least number of partners, as written: a number or a setting."""
    if not field.is_list:
        return "1"
    return next((value for verb, value in need.conditions if verb == "at_least"), field.at_least or "1")


def _resolve_count(text: str, version: Procedure, scope: CaseScope, organisation: Organisation) -> int:
    setting = version.settings.get(text)
    if setting is not None:
        text = organisation.find_setting(scope.community, scope.committee, version.name, text) or setting.default
    return int(text) if text.isdigit() else 1


def _count_partners(organisation: Organisation, community: str) -> int:
    return sum(
        spec.get("serves") in (None, "all") or community in spec.get("serves", ())
        for spec in organisation.partners.values()
    )


def _make_finding(place: Place, message: LocalizedText, needed_at: Place) -> Finding:
    help = say("add the community to serves of partners, or add one with `fujin partner new`")
    related = (Related(say("they must be named here"), needed_at),)
    return Finding(CODE, "warning", message, place, help, related)
