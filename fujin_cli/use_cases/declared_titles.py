"""List the ids that an argument may name, with their titles, from the organisation and the procedures."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fujin_cli.core.text.titles import Titles, titles_of
from fujin_cli.use_cases.session import Session


def declared_titles(session: Session, kind: str) -> Titles:
    """List what the workspace declares of a kind: id → title."""
    return _TITLES[kind](session)


def _people(session: Session) -> Titles:
    return {member.person: member.name for member in session.workspace.organisation.people()}


def _partners(session: Session) -> Titles:
    return titles_of(session.workspace.organisation.partners)


def _rosters(session: Session) -> Titles:
    organisation = session.workspace.organisation
    units = {**organisation.streets, **organisation.communities, **organisation.committees}
    titles = {**titles_of(units), organisation.city: organisation.title}
    return {id: titles.get(id) for id in organisation.rosters}


def _steps(session: Session) -> Titles:
    """List the steps of all procedures; a step of several has the titles of each, as variants of a language."""
    titles: dict[str, dict[str, str]] = {}
    for version in session.workspace.procedures.values():
        for step in version.steps.values():
            words = step.title if isinstance(step.title, Mapping) else {"": step.title or ""}
            titles.setdefault(step.name, {}).update({f"{tongue}-{version.name}": words[tongue] for tongue in words})
    return titles


_TITLES: Mapping[str, Callable[[Session], Titles]] = {
    "community": lambda session: titles_of(session.workspace.organisation.communities),
    "committee": lambda session: titles_of(session.workspace.organisation.committees),
    "procedure": lambda session: titles_of(session.workspace.procedures),
    "topic": lambda session: titles_of(session.workspace.organisation.topics),
    "venue": lambda session: titles_of(session.workspace.organisation.venues),
    "menu": lambda session: titles_of(session.workspace.organisation.kinds),
    "partner": _partners,
    "person": _people,
    "actor": lambda session: {**_people(session), **_partners(session)},
    "roster": _rosters,
    "step": _steps,
}
