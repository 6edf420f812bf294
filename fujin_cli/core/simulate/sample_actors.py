"""Choose who carries out a line of a scenario, and with which values, where the scenario does not say."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from fujin_cli.core.cases.actors import People
from fujin_cli.core.cases.case import Case
from fujin_cli.core.findings.refusals import FOUR_EYES, NOT_ENTITLED, Refusal
from fujin_cli.core.model.procedure import Action, Field, Input, Procedure
from fujin_cli.core.model.scenario_file import ANY
from fujin_cli.core.model.values import list_procedures_served
from fujin_cli.core.simulate.sample_values import sample_values
from fujin_cli.core.simulate.sandbox import Sandbox

Answer = TypeVar("Answer")
FieldValues = Mapping[str, list[object]]
MOST_TRIED = 20  # people who are tried for one line
WRONG = "WRONG000"
COMMITTEE = "committee"


def do_as_first_entitled(
    people: People,
    names: tuple[str, ...],
    actor: str | None,
    work: Callable[[str], Answer],
    later: Collection[str] = (),
) -> Answer:
    """Do ``work`` as the first candidate who is entitled to it, and return its answer.

    Candidates have one of ``names``, or are the name or id ``actor``; those of ``later`` are tried after the others.
    Raises the first Refusal for another reason than entitlement; where nobody is entitled, that of the first candidate.
    """
    refused: Refusal | None = None
    candidates = sorted(list_candidates(people, names, actor), key=lambda candidate: candidate in later)
    for candidate in candidates[:MOST_TRIED]:
        try:
            return work(candidate)
        except Refusal as refusal:
            if refusal.code not in (NOT_ENTITLED, FOUR_EYES):
                raise
            refused = refused or refusal
    if refused is not None:
        raise refused
    return work(actor or "")  # no candidate: the refusal says who would be entitled


def list_candidates(people: People, names: tuple[str, ...], actor: str | None) -> list[str]:
    """List who could do it, in the order in which they are tried."""
    if actor is None:
        return list(people.list_eligible_actors(names))
    if actor in people.procedure.people:
        return list(people.list_eligible_actors((actor,))) or [actor]
    return [actor]


def choose_proof_code(sandbox: Sandbox, case: Case, version: Procedure, code_word: str) -> str | None:
    """Choose the proof to enter: this round's acceptance code, the receipt's number, or a wrong one or none."""
    if code_word in ("wrong", "none"):
        return WRONG if code_word == "wrong" else None
    codes = sandbox.codes.get(case.id, [])
    if not codes or any(person.proof == "receipt" for person in version.people.values()):
        return case.events[0].hash[:12]
    return codes[-2] if code_word == "earlier" and len(codes) > 1 else WRONG if code_word == "earlier" else codes[-1]


@dataclass(frozen=True, slots=True)
class InputChooser:
    """Choose values; ``open_referenced_case`` opens a case for a field that refers to one."""

    sandbox: Sandbox
    open_referenced_case: Callable[[Field, str], str]

    def choose_opening_inputs(
        self, version: Procedure, entered: FieldValues, community: str
    ) -> dict[str, list[object]]:
        """Choose the values of an opening: those entered, and the other required ones."""
        nobody = Case("", community=community)
        inputs = {name: values for name, values in entered.items() if ANY not in values}
        for name, spec in version.fields.items():
            required = spec.required and not spec.computed and spec.default is None
            if name not in inputs and (name in entered or required):
                inputs[name] = self._choose_value(nobody, version, Input(name), inputs, len(entered.get(name, [ANY])))
        return {name: values for name, values in inputs.items() if values}

    def choose_action_inputs(
        self, case: Case, version: Procedure, action: Action, entered: FieldValues, without: Collection[str] = ()
    ) -> dict[str, list[object]]:
        """Choose the inputs of an action: those entered, and what else it needs except for ``without``."""
        requested = {input.field for input in action.inputs}
        inputs = {name: values for name, values in entered.items() if ANY not in values or name not in requested}
        for input, must in self._inputs_of(action):
            if input.field not in version.fields or input.field in inputs or input.field in without:
                continue
            if must or input.field in entered:  # an input that is not requested is refused by the operation
                count = len(entered.get(input.field, [ANY]))
                inputs[input.field] = self._choose_value(case, version, input, inputs, count)
        if action.amended_names:
            self._choose_amendment(case, version, action, inputs)
        return {name: values for name, values in inputs.items() if values}

    def _choose_amendment(
        self, case: Case, version: Procedure, action: Action, inputs: dict[str, list[object]]
    ) -> None:
        """Choose a committee where any will do, and something to amend where nothing was entered."""
        organisation = self.sandbox.workspace.organisation
        if COMMITTEE in action.amends_units and ANY in inputs.get(COMMITTEE, ()):
            fitting = [unit.id for unit in organisation.committees_of(case.community, version.name)]
            inputs[COMMITTEE] = list(fitting[:1])
        if not inputs.keys() & set(action.amended_names):
            fields = [input for input in action.amends if input.field in version.fields]
            for input in sorted(fields, key=lambda input: version.fields[input.field].is_list)[:1]:
                inputs[input.field] = self._choose_value(case, version, input, inputs, 1)

    @staticmethod
    def _inputs_of(action: Action) -> Iterator[tuple[Input, bool]]:
        yield from ((input, True) for input in action.needs)
        yield from ((input, False) for input in action.optional_inputs)

    def _choose_value(
        self, case: Case, version: Procedure, input: Input, inputs: FieldValues, count: int
    ) -> list[object]:
        field = version.fields[input.field]
        conditions = {verb: case.resolve_setting(bound) for verb, bound in input.conditions}
        if field.item_type == "case":
            return [self.open_referenced_case(field, conditions.get("is", "open"))]
        if "is" in conditions:
            return [conditions["is"]]
        excluded = conditions.get("not", "")
        excluded_values = inputs.get(excluded) or case.values.get(excluded) or excluded
        excluded_texts = [
            str(text) for text in (excluded_values if isinstance(excluded_values, list) else [excluded_values])
        ]
        sandbox, organisation = self.sandbox, self.sandbox.workspace.organisation
        if field.type == "committee":  # one that does not use what is opened for it is refused
            fitting = organisation.list_committees_using(list_procedures_served(version, field.name))
            excluded_texts += [id for id in organisation.committees if id not in fitting]
        return sample_values(
            field,
            organisation,
            case.community,
            sandbox.calendar,
            sandbox.now,
            excluded_texts,
            conditions,
            count,
        )
