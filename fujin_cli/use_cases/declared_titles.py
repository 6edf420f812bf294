"""List the ids that an argument may name, with their titles, from the organisation and the procedures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from fujin_cli.core.text.localized import Title
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
    """List the steps of all procedures."""
    versions = session.workspace.procedures.values()
    return _join_titles(
        (step.name, step.title, version.name) for version in versions for step in version.steps.values()
    )


def _actions(session: Session) -> Titles:
    """List the actions of all procedures."""
    versions = session.workspace.procedures.values()
    named = (
        (action.name, action.title, f"{version.name}-{action.rule}")
        for version in versions
        for actions in (version.anytime, *(step.actions for step in version.steps.values()))
        for action in actions.values()
    )
    return _join_titles(named)


def _join_titles(named: Iterable[tuple[str, Title | str | None, str]]) -> Titles:
    """Join the titles of what has the same id in several places, as variants of a language."""
    titles: dict[str, dict[str, str]] = {}
    for id, title, place in named:
        words = title if isinstance(title, Mapping) else {"": title or ""}
        titles.setdefault(id, {}).update({f"{tongue}-{place}": words[tongue] for tongue in words})
    return titles


_TITLES: Mapping[str, Callable[[Session], Titles]] = {
    "action": _actions,
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
