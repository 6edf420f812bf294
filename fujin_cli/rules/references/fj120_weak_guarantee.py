"""
# FJ120 · An incomplete or contradictory guarantee

Each form of a guarantee has its own additions. A choice among one event, a count without a number, or an addition that
the form does not have would be ignored, and the guarantee would mean something other than intended.

Failing:

```yaml fail procedures/errand.yaml
guarantees:
  four-eyes: {different_people: [finish]}
```

Passing:

```yaml pass procedures/errand.yaml
guarantees:
  four-eyes: {different_people: [finish, approve]}
```

To fix it: `one_of`, `exactly_one_of`, `both_or_neither`, `never_both`, `always_together` and `different_people` take a
list of two or more, the last one only of actions. `at_least`, `at_most` and `exactly` take a number, `{try: 3}` or
`times: 3`. `since` and `times` go with `require`, `within` with what happens after something.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.model.guarantee_templates import KEYS, leading_keys_taking, leading_keys_with
from fujin_cli.core.model.procedure import Guarantee
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.file_index import value_at
from fujin_cli.rules.support.procedure_source import ProcedureSource, procedure_sources

CODE = "FJ120"
SEVERITY: Severity = "error"
SEVERAL = (*leading_keys_with(roles="several"), *leading_keys_with(roles="people"))
COUNTED = tuple(key for key in leading_keys_taking("times") if KEYS[key].kind == "counted")
ADDITIONS = {
    "since": leading_keys_taking("since"),
    "times": (*(key for key in leading_keys_taking("times") if key not in COUNTED), *COUNTED),
    "within": leading_keys_taking("within"),
}
PARTNERS = {"since": "require", "times": "require", "within": "eventually"}  # the second key that each goes with


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every guarantee with too few parts, no number, or an addition that its template does not take."""
    for source in procedure_sources(context.workspace):
        for guarantee in source.procedure.guarantees.values():
            if not any(route[:2] == guarantee.route for route in source.file.pruned):
                yield from _check_parts(source, guarantee)
                yield from _check_additions(source, guarantee)


def _check_parts(source: ProcedureSource, guarantee: Guarantee) -> Iterator[Finding]:
    form = guarantee.template
    lead = source.place(guarantee.route, form)
    listed = guarantee.atoms.get(form, ())
    if form in SEVERAL and len(listed) < 2:
        yield Finding(
            CODE, "error", say("{form} needs a list of two or more", form=form), lead, say("list them: [one, other]")
        )
    if form in COUNTED and guarantee.times is None:
        help = say("write for example {form}: {{try: 3}}, or add times: 3", form=form)
        yield Finding(CODE, "error", say("{form} needs a number", form=form), lead, help)
    if form == "different_people":
        for atom in listed:
            if atom.kind != "action":
                message = say("this is not an action, so nobody does it")
                yield Finding(CODE, "error", message, source.place_of_atom(atom), say("use actions here"))


def _check_additions(source: ProcedureSource, guarantee: Guarantee) -> Iterator[Finding]:
    tree = value_at(source.tree, guarantee.route)
    for addition, forms in ADDITIONS.items():
        if not isinstance(tree, Mapping) or addition not in tree or not guarantee.template:
            continue
        form, fitting = guarantee.template, forms
        if form in forms and form not in COUNTED and PARTNERS[addition] not in guarantee.atoms:
            form, fitting = _find_second_key(guarantee), (PARTNERS[addition],)
        if form not in forms:
            yield Finding(
                CODE,
                "error",
                say("{addition} cannot be used with {form}", addition=addition, form=form),
                source.place(guarantee.route, addition),
                say("it can be used only with: {forms}", forms=fitting),
            )


def _find_second_key(guarantee: Guarantee) -> str:
    """Return the second key of a guarantee, beside the one that names its template."""
    return next((key for key in guarantee.atoms if key not in (guarantee.template, "since")), guarantee.template)
