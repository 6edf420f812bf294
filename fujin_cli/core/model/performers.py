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
from fujin_cli.core.model.procedure import Action, Procedure, Step

if TYPE_CHECKING:  # not needed while cases run
    from fujin_cli.core.findings.finding import Route


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
