"""Work out from a procedure's file under whose names each action can be done: guarantees of ``only`` compare with it.

No case is looked at. Three kinds of performers count: every name in ``by``; everybody who enters it for such a name by
``through``, unless the name is a contact with a proof (then the act is the contact's own, whoever types it in); and
every level to which the case can have been raised at a step where the action stands. A raised level may do what is not
for a contact alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from fujin_cli.core.model.ids import RuleName
from fujin_cli.core.model.procedure import Action, Person, Procedure, Step

if TYPE_CHECKING:  # not needed while cases run
    from fujin_cli.core.findings.finding import Route

RAISED = "raised"  # in a list of allowed names: every level to which the case was raised


@dataclass(frozen=True, slots=True)
class Performer:
    """Somebody under whose name an action can be done: a name of the procedure, or a level to which it was raised.

    ``rung`` is the rule of the rung that raises it; ``route`` leads to where the file says so.
    """

    name: str
    how: Literal["by", "through", "raised"]
    route: Route
    rung: str | None = None


def find_actions(version: Procedure, name: str) -> list[Action]:
    """List the actions that a key of ``only`` means: by their name, or one reopening as ``STEP.reopen``."""
    return [action for _, action in version.all_actions() if action.by and name in (action.name, action.rule)]


def list_performers(version: Procedure, action: Action) -> Iterator[Performer]:
    """List everybody under whose name an action can be done, in the order of the file."""
    route = (*action.route, "by")
    for name in action.by:
        person = version.people.get(name)
        proved = person is not None and person.kind == "contact" and bool(person.proof)
        yield Performer(name, "by", route)
        for helper in person.through if person is not None and not proved else ():
            yield Performer(helper, "through", (*person.route, "through") if person else route)
    if all(_is_contact_name(version, name) for name in action.by):
        return
    for step in _steps_of(version, action):
        for rung in step.ladder:
            if rung.raises and rung.to is None:
                yield Performer(rung.raises, "raised", (*rung.route, "raise"), rung.rule)


def list_openers(version: Procedure) -> Iterator[Performer]:
    """List everybody who can open a case."""
    for name in version.opened_by:
        yield Performer(name, "by", ("opened", "by"))


def is_within_allowed(version: Procedure, name: str, allowed: tuple[str, ...], raised: bool = False) -> bool:
    """Tell whether whoever acts under ``name`` (or as a ``raised`` level) also acts under one of the allowed names.

    A level may be allowed by its own name, too, where no person of the procedure has it, and every level by the word
    ``raised``: ``[clerk, raised]`` lets the street act once the case was raised to it, and never before. A name is
    within another that has the same definition, that has it among its ``groups``, or that is the whole committee of
    which it is the head. A contact without a proof is nobody in particular, so nothing is within it.
    """
    if raised and RAISED in allowed and RAISED not in version.people:
        return True
    person = Person(name, "role", "supervisor", name) if raised else version.people.get(name)
    for other_name in allowed:
        other = version.people.get(other_name)
        if other is not None and other.kind == "contact" and not other.proof:
            continue
        if name == other_name and not (raised and other is not None):
            return True
        if person is not None and other is not None and _is_part_of(version, person, other):
            return True
    return False


def _is_part_of(version: Procedure, part: Person, whole: Person, depth: int = 4) -> bool:
    if depth == 0:
        return False
    if whole.kind == "name" and whole.value in version.people:
        return not whole.excluded and _is_part_of(version, part, version.people[whole.value], depth - 1)
    if part.kind == "name" and part.value in version.people:
        return _is_part_of(version, version.people[part.value], whole, depth - 1)
    if part.kind == "groups" and part.groups:
        return all(_is_part_of(version, member, whole, depth - 1) for member in part.groups)
    if whole.kind == "groups":
        return not whole.excluded and any(_is_part_of(version, part, member, depth - 1) for member in whole.groups)
    if part.kind == "contact" and (part.proof != whole.proof or part.also not in (None, whole.also)):
        return False  # more contacts, or the same one with another proof
    narrower = {_definition(person) for person in whole.excluded} <= {_definition(person) for person in part.excluded}
    if part.kind == "seat" and whole.kind == "members" and whole.value == "committee":
        return narrower and part.of in (None, "committee")
    return narrower and _definition(part) == _definition(whole)


def _definition(person: Person) -> tuple[str, str, str | None]:
    return person.kind, person.value, person.of


def _is_contact_name(version: Procedure, name: str) -> bool:
    person = version.people.get(name)
    return person is not None and person.kind == "contact"


def _steps_of(version: Procedure, action: Action) -> Iterator[Step]:
    """List the steps where an action stands: its own, or for one of ``anytime`` every step that admits it."""
    own = version.steps.get(RuleName(action.rule).step)
    if own is not None and (action in own.actions.values() or action == own.reopen):
        yield own
        return
    for step in version.steps.values():
        if not step.end and (step.name in action.only_in if action.only_in else step.name not in action.except_in):
            yield step
