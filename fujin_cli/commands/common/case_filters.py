"""Check the filters of a list of cases, so that a typing error is not an empty list."""

from __future__ import annotations

from collections.abc import Callable, Collection

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.id_arguments import require_filter, require_id
from fujin_cli.core.listing.filters import Filters, SavedView
from fujin_cli.core.listing.summary import Summary
from fujin_cli.core.text.localized import say
from fujin_cli.use_cases.list_cases import all_summaries, owners_of
from fujin_cli.use_cases.saved_views import list_views
from fujin_cli.use_cases.session import WrongUsage


def check_filters(console: Console, listed: list[Summary], filters: Filters) -> None:
    """Check that each id to filter by exists in the configuration or the ledger. Raises WrongUsage."""
    if filters.search is not None:
        from fujin_cli.core.text.search import fold_for_search

        if not fold_for_search(filters.search):
            raise WrongUsage(say("the text to search for is empty"))
    ids = {name: getattr(filters, name) for name in _KNOWN if getattr(filters, name) is not None}
    for name, id in ids.items():
        shown, known = _KNOWN[name](console, listed, filters)
        require_filter(id, _KINDS.get(name, name), shown, known)


Ids = tuple[Collection[str | None], Callable[[], Collection[str]]]
_KINDS = {"can": "action"}


def _committees(console: Console, listed: list[Summary], filters: Filters) -> Ids:
    session = console.session
    return {summary.committee for summary in listed}, lambda: {
        *session.workspace.organisation.committees,
        *(str(case.committee) for case in all_summaries(session, None)),
    }


def _procedures(console: Console, listed: list[Summary], filters: Filters) -> Ids:
    shown = {summary.procedure for summary in listed}
    return shown, lambda: {version.name for version in console.session.all_versions()}


def _steps(console: Console, listed: list[Summary], filters: Filters) -> Ids:
    from fujin_cli.use_cases.known_names import step_ids

    shown = {summary.step for summary in listed if filters.procedure in (None, summary.procedure)}
    return shown, lambda: step_ids(console.session.all_versions(), filters.procedure)


def _topics(console: Console, listed: list[Summary], filters: Filters) -> Ids:
    return {summary.topic for summary in listed}, lambda: console.session.workspace.organisation.topics


def _partners(console: Console, listed: list[Summary], filters: Filters) -> Ids:
    shown = {partner for summary in listed for partner in summary.partners}
    return shown, lambda: console.session.workspace.organisation.partners


def _owners(console: Console, listed: list[Summary], filters: Filters) -> Ids:
    from fujin_cli.use_cases.known_names import recipient_ids

    session = console.session
    shown = {owner for summary in listed for owner in (summary.owner, *owners_of(session, summary))}
    return shown, lambda: recipient_ids(session.workspace.organisation, session.all_versions())


def _actions(console: Console, listed: list[Summary], filters: Filters) -> Ids:
    from fujin_cli.use_cases.known_names import action_ids

    return (), lambda: action_ids(console.session.all_versions(), filters.procedure)


_KNOWN: dict[str, Callable[[Console, list[Summary], Filters], Ids]] = {
    "committee": _committees,
    "procedure": _procedures,
    "step": _steps,
    "topic": _topics,
    "partner": _partners,
    "owner": _owners,
    "can": _actions,
}


def find_view(console: Console, name: str) -> SavedView:
    """Find a saved view. Raises WrongUsage that names the nearest."""
    views = list_views(console.session)
    require_id(name, views, "view")
    return views[name][0]
