"""Who carries out a line of a scenario, and with which values, where the scenario does not say."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from fujin_cli.core.cases.actors import People
from fujin_cli.core.cases.case import Case
from fujin_cli.core.findings.refusals import FOUR_EYES, NOT_ENTITLED, Refusal
from fujin_cli.core.model.procedure import Action, Field, Input, Procedure
from fujin_cli.core.model.scenario_file import ANY
from fujin_cli.core.simulate.sample_values import sample_values
from fujin_cli.core.simulate.sandbox import Sandbox

Answer = TypeVar("Answer")
Given = Mapping[str, list[object]]
MOST_TRIED = 20  # people who are tried for one line
WRONG = "WRONG000"


def as_first_entitled(
    people: People, names: tuple[str, ...], actor: str | None, done: Callable[[str], Answer]
) -> Answer:
    """What ``done`` answers for the first one who may do it: of ``names``, or of the name or id ``actor``.

    Raises the first Refusal that is none of entitlement, or where nobody may, that of the first one tried.
    """
    refused: Refusal | None = None
    for who in candidates(people, names, actor)[:MOST_TRIED]:
        try:
            return done(who)
        except Refusal as refusal:
            if refusal.code not in (NOT_ENTITLED, FOUR_EYES):
                raise
            refused = refused or refusal
    if refused is not None:
        raise refused
    return done(actor or "")  # nobody: the engine says who it would be for


def candidates(people: People, names: tuple[str, ...], actor: str | None) -> list[str]:
    """Who could do it, in the order in which they are tried."""
    if actor is None:
        return list(people.everybody(names))
    if actor in people.procedure.people:
        return list(people.everybody((actor,))) or [actor]
    return [actor]


def code_to_enter(sandbox: Sandbox, case: Case, version: Procedure, wanted: str) -> str | None:
    """The proof that is given: this round's acceptance code, the receipt's number, or none or a wrong one as asked."""
    if wanted in ("wrong", "none"):
        return WRONG if wanted == "wrong" else None
    codes = sandbox.codes.get(case.id, [])
    if not codes or any(person.proof == "receipt" for person in version.people.values()):
        return case.events[0].hash[:12]
    return codes[-2] if wanted == "earlier" and len(codes) > 1 else WRONG if wanted == "earlier" else codes[-1]


@dataclass(frozen=True, slots=True)
class InputChooser:
    """Chooses values; ``another`` opens a case of a procedure, for fields that name one."""

    sandbox: Sandbox
    another: Callable[[Field, str], str]

    def opening(self, version: Procedure, given: Given, community: str) -> dict[str, list[object]]:
        """What a case is opened with: as given, and what else is required."""
        nobody = Case("", community=community)
        inputs = {name: values for name, values in given.items() if ANY not in values}
        for name, spec in version.fields.items():
            required = spec.required and not spec.computed and spec.default is None
            if name not in inputs and (name in given or required):
                inputs[name] = self._value(nobody, Input(name), spec, inputs, len(given.get(name, [ANY])))
        return {name: values for name, values in inputs.items() if values}

    def action(
        self, case: Case, version: Procedure, action: Action, given: Given, without: Collection[str] = ()
    ) -> dict[str, list[object]]:
        """What is entered with an action: as given, and what else it needs but for what is left out on purpose."""
        asked = {entry.field for entry in (*action.needs, *action.may)}
        inputs = {name: values for name, values in given.items() if ANY not in values or name not in asked}
        for entry, must in self._asked(action):
            if entry.field not in version.fields or entry.field in inputs or entry.field in without:
                continue
            if must or entry.field in given:  # what is not asked for goes on to the engine, which refuses it
                count = len(given.get(entry.field, [ANY]))
                inputs[entry.field] = self._value(case, entry, version.fields[entry.field], inputs, count)
        return {name: values for name, values in inputs.items() if values}

    @staticmethod
    def _asked(action: Action) -> Iterator[tuple[Input, bool]]:
        yield from ((entry, True) for entry in action.needs)
        yield from ((entry, False) for entry in action.may)

    def _value(self, case: Case, entry: Input, field: Field, inputs: Given, count: int) -> list[object]:
        conditions = {verb: case.settings.get(bound, bound) for verb, bound in entry.conditions}
        if field.item_type == "case":
            return [self.another(field, conditions.get("is", "open"))]
        if "is" in conditions:
            return [conditions["is"]]
        other = conditions.get("not", "")
        found = inputs.get(other) or case.values.get(other) or other
        taken = [str(item) for item in (found if isinstance(found, list) else [found])]
        sandbox = self.sandbox
        return sample_values(
            field,
            sandbox.workspace.organisation,
            case.community,
            sandbox.calendar,
            sandbox.now,
            taken,
            conditions,
            count,
        )
