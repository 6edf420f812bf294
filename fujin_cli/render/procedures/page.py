"""Describe a procedure in sentences: settings, people, steps with their actions, guarantees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fujin_cli.core.model.effects import Opens
from fujin_cli.core.model.procedure import Action, Person, Procedure, Setting, Step
from fujin_cli.core.model.rung_types import Rung
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import localize_value, say, title_of
from fujin_cli.core.wording.guarantees import describe_condition
from fujin_cli.core.wording.labels import amended_title, group_label
from fujin_cli.render.basics.names import level_words, step_title
from fujin_cli.render.basics.text import align_in_columns, fold_text, join_clauses, paint
from fujin_cli.render.procedures.fields import describe_field
from fujin_cli.render.procedures.guarantees import guarantee_words
from fujin_cli.render.procedures.words import (
    actions_by_people,
    amount_words,
    field_title,
    move_title,
    person_title,
    proof_words,
    published_words,
    rung_due_words,
    setting_words,
    step_time_words,
)

_COUNTED = {"answered": say("answered"), "resolved": say("resolved"), "satisfied": say("satisfied")}


def procedure_page(procedure: Procedure, width: int, colour: bool, workspace: Workspace | None = None) -> str:
    """Describe the procedure, folded at ``width`` columns (0: never): settings, people, steps, guarantees.

    The ``workspace`` knows the titles of roles and of the procedures that this one opens.
    """
    titles = _Titles(workspace)
    lines = [paint(f"{title_of(procedure.title, procedure.name)} ({procedure.name})", "bold", colour)]
    openers = [person_title(procedure, name) for name in procedure.opened_by]
    lines += fold_text(str(say("A case is opened by: {names}.", names=openers)), width)
    for title, rows in _list_page_sections(procedure, titles):
        heading = (paint(line, "bold", colour) for line in fold_text(str(title), width))
        lines += ["", *heading, *align_in_columns(rows, width)]
    return "\n".join(lines) + "\n"


def _list_page_sections(procedure: Procedure, titles: _Titles) -> Iterable[tuple[object, list[list[str]]]]:
    """List headings with the rows below them; a step has a heading even without actions."""
    settings = [[setting.name, localize_value(_range_words(setting))] for setting in procedure.settings.values()]
    people = [[person.name, _describe_person(person, procedure, titles)] for person in procedure.people.values()]
    fields = [[field.name, join_clauses(describe_field(field))] for field in procedure.fields.values()]
    for title, rows in ((say("Settings"), settings), (say("People"), people), (say("Fields"), fields)):
        if rows:
            yield title, rows
    for step in procedure.steps.values():
        yield _step_heading(procedure, step), _step_rows(procedure, step, titles)
    anytime = [_action_row(procedure, action, titles) for action in procedure.anytime.values()]
    promises = [
        [name, join_clauses(guarantee_words(promise, procedure))] for name, promise in procedure.guarantees.items()
    ]
    for title, rows in ((say("At any time"), anytime), (say("Guarantees"), promises)):
        if rows:
            yield title, rows


@dataclass(frozen=True, slots=True)
class _Titles:
    """Look up titles from other files; without a workspace, the ids."""

    workspace: Workspace | None

    def role_title(self, id: str) -> str:
        declared = self.workspace.organisation.roles.get(id) if self.workspace else None
        return title_of((declared or {}).get("title"), id)

    def committee_title(self, id: str) -> str:
        unit = self.workspace.organisation.committees.get(id) if self.workspace else None
        return title_of(unit.title if unit else None, id)

    def procedure_title(self, id: str) -> str:
        version = self.workspace.procedures.get(id) if self.workspace else None
        return title_of(version.title if version else None, id)


def _range_words(setting: Setting) -> object:
    if setting.low and setting.high:
        return say(
            "{value}, from {low} to {high}",
            value=amount_words(setting.default),
            low=amount_words(setting.low),
            high=amount_words(setting.high),
        )
    return amount_words(setting.default)


def _describe_person(person: Person, procedure: Procedure, titles: _Titles) -> str:
    words: list[object] = [title_of(person.title, person.name), _describe_identity(person, procedure, titles)]
    if person.proof:
        words.append(say("proves it with: {proof}", proof=proof_words(person.proof)))
    if person.through:
        words.append(
            say("may be entered by: {names}", names=[person_title(procedure, name) for name in person.through])
        )
    if person.excluded:
        exclusions = [_describe_excluded(excluded, procedure, titles) for excluded in person.excluded]
        words.append(say("except: {names}", names=exclusions))
    return join_clauses(words)


def _describe_excluded(person: Person, procedure: Procedure, titles: _Titles) -> object:
    return person_title(procedure, person.name) if person.name else _describe_identity(person, procedure, titles)


_SEATS = {"head": say("head"), "member": say("member")}


def _describe_identity(person: Person, procedure: Procedure, titles: _Titles) -> object:
    def title_of_field(name: str | None) -> str:
        return field_title(procedure, name or "")

    match person.kind:
        case "role":
            return say(
                "{role} of the {level}", role=titles.role_title(person.value), level=level_words(person.of or "")
            )
        case "seat":
            return say("{seat} of the committee", seat=_SEATS.get(person.value, person.value))
        case "members":
            return say("members: {value}", value=person.value)
        case "whoever" if person.value == "in":
            return say("everybody who acted in the case {field}", field=title_of_field(person.of))
        case "whoever":
            return say("the person who opened the case")
        case "contact":
            contact = say("the contact in the field {field}", field=title_of_field(person.value))
            return (
                say("{one} and those in {also}", one=contact, also=title_of_field(person.also))
                if person.also
                else contact
            )
        case "anyone":
            return say("any {kind}", kind=person_title(procedure, person.value))
        case "groups":
            return [_describe_identity(part, procedure, titles) for part in person.groups]
    return say("the person in the field {field}", field=title_of_field(person.value or person.of))


def _step_heading(procedure: Procedure, step: Step) -> str:
    title = f"{step_title(procedure, step.name)} ({step.name})"
    if step.end:
        kinds = [_COUNTED.get(kind, kind) for kind in step.counts_as]
        counts = say("; counts as: {kinds}", kinds=kinds) if kinds else ""
        return f"{title} · {step_time_words(procedure, step)}{counts}"
    owner = person_title(procedure, step.owner or "")
    time = step_time_words(procedure, step)
    parts = [
        title,
        *([str(say("owned by {owner}", owner=owner))] if owner else []),
        *([str(time)] if time else []),
    ]
    return " · ".join(parts)


def _step_rows(procedure: Procedure, step: Step, titles: _Titles) -> list[list[str]]:
    rows = [[rung_due_words(procedure, rung), join_clauses(_describe_rung(procedure, rung))] for rung in step.ladder]
    rows += [_action_row(procedure, action, titles) for action in actions_by_people(step)]
    return rows + [
        [str(say("automatic")), join_clauses(_describe_action(procedure, action, titles))] for action in step.then
    ]


def _describe_rung(procedure: Procedure, rung: Rung) -> list[object]:
    words: list[object] = []
    if rung.effects.tells:
        words.append(say("tells {names}", names=[person_title(procedure, tell.to) for tell in rung.effects.tells]))
    if rung.raises:
        words.append(say("raises it to the level {level}", level=level_words(rung.raises)))
    if rung.to:
        words.append(say("leads to {step}", step=step_title(procedure, rung.to)))
    return words


def _action_row(procedure: Procedure, action: Action, titles: _Titles) -> list[str]:
    return [action.name, join_clauses(_describe_action(procedure, action, titles))]


def _describe_opening(procedure: Procedure, opens: Opens, titles: _Titles) -> object:
    """Name the cases that a move opens, and the committee that gets them where the procedure names it."""
    group, child = group_label(procedure, opens.group), titles.procedure_title(opens.procedure)
    if opens.committee is None:
        return say("opens {group}: {procedure}", group=group, procedure=child)
    own = procedure.fields.get(opens.committee)
    committee = field_title(procedure, own.name) if own else titles.committee_title(opens.committee)
    return say("opens {group}: {procedure} ({committee})", group=group, procedure=child, committee=committee)


def _describe_action(procedure: Procedure, action: Action, titles: _Titles) -> list[object]:
    """Describe an action: who may do it, where it leads, its inputs, its condition, its limit."""
    words: list[object] = []
    if action.by:
        words.append(move_title(action))
        words.append(say("by {names}", names=[person_title(procedure, name) for name in action.by]))
    to = say("leads to {step}", step=step_title(procedure, action.to)) if action.to else say("the case stays")
    words.append(to)
    if action.when:
        words.append(say("only if {condition}", condition=describe_condition(action.when, procedure)))
    if action.needs:
        needs = [field_title(procedure, input.field) for input in action.needs]
        words.append(say("needs: {fields}", fields=needs))
    if action.amended_names:
        amended = [amended_title(procedure, name) for name in action.amended_names]
        words.append(say("may correct: {fields}", fields=amended))
    if action.may:
        optional = [field_title(procedure, input.field) for input in action.may]
        words.append(say("may take: {fields}", fields=optional))
    words += [_describe_opening(procedure, opens, titles) for opens in action.effects.opens]
    if action.effects.tells:
        words.append(say("tells {names}", names=[person_title(procedure, tell.to) for tell in action.effects.tells]))
    if action.effects.publish:
        words.append(say("publishes {names}", names=[published_words(name) for name in action.effects.publish]))
    if action.window:
        words.append(say("within {time}", time=setting_words(procedure, action.window)))
    if action.limit:
        times = say("at most {count} times", count=setting_words(procedure, action.limit))
        words.append(say("only once") if action.limit == "1" else times)
    if action.then:
        words.append(say("then to {step}", step=step_title(procedure, action.then.to)))
    return words
