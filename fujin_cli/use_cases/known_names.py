"""Collect the ids and names that options may name, from the organisation and from procedure versions.

They are collected only for an option that names nobody at first sight, so that the usual run does not pay for them.
"""

from __future__ import annotations

from collections.abc import Iterable

from fujin_cli.core.cases.actors import ANYBODY
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.core.text.titles import Titles, find_nearest_ids, label_ids, titles_of

_NAMELESS_KINDS = ("contact", "anyone")  # names under which somebody acts who is on no roster


def step_ids(versions: Iterable[Procedure], procedure: str | None) -> set[str]:
    """Collect the steps of a procedure, or of all of them."""
    return {step for version in versions if procedure in (None, version.name) for step in version.steps}


def action_ids(versions: Iterable[Procedure], procedure: str | None) -> set[str]:
    """Collect the actions that people have in a procedure, or in all of them."""
    chosen = (version for version in versions if procedure in (None, version.name))
    return {action.name for version in chosen for _step, action in version.all_actions() if action.by}


def recipient_ids(organisation: Organisation, versions: Iterable[Procedure]) -> set[str]:
    """Collect everybody whom a message may go to: people, partners, and the names of procedures."""
    return _people_and_partners(organisation) | {name for version in versions for name in version.people}


def suggest_actor(organisation: Organisation, versions: Iterable[Procedure], actor: str) -> LocalizedText | None:
    """Suggest who is meant by an id or name under which nobody acts; None where somebody does."""
    known = _people_and_partners(organisation) | set(ANYBODY)
    if actor in known:
        return None
    for version in versions:
        names = {name for name, person in version.people.items() if person.kind in _NAMELESS_KINDS}
        if actor in names:
            return None
        known |= names
    titles: Titles = dict.fromkeys(sorted(known)) | {**titles_of(organisation.partners)}
    titles = {**titles, **{member.person: member.name for member in organisation.people()}}
    nearest = find_nearest_ids(actor, titles)
    if nearest:
        return say("did you mean {name}?", name=label_ids(nearest, titles))
    return say("`fujin roster show ID` shows who there is")


def _people_and_partners(organisation: Organisation) -> set[str]:
    return {member.person for member in organisation.people()} | set(organisation.partners)
