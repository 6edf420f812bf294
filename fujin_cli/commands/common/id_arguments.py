"""Check ids from the command line, and suggest the closest one for a typing error."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from fujin_cli.commands.common.console import Console
from fujin_cli.core.text.localized import LocalizedText, say, shorten_list
from fujin_cli.core.text.titles import find_nearest_ids, label_ids, titles_of
from fujin_cli.use_cases.session import WrongUsage

_UNKNOWN: dict[str, str] = {
    "community": say("there is no community {id}").text,
    "committee": say("there is no committee {id}").text,
    "roster": say("there is no roster {id}").text,
    "person": say("there is no person {id}").text,
    "procedure": say("there is no procedure {id}").text,
    "part": say("the procedure has no such part {id}").text,
    "partner": say("there is no partner {id}").text,
    "channel": say("the procedure has no channel {id}").text,
    "step": say("there is no step {id}").text,
    "street": say("there is no street {id}").text,
    "kind": say("the menu has no kind of committee {id}").text,
    "role": say("the city's file has no role {id}").text,
    "topic": say("there is no topic {id}").text,
    "sort": say("there is no sort of partners {id}").text,
    "recipient": say("nobody with the id or name {id} is told anything").text,
    "owner": say("nobody has the id or name {id}").text,
    "action": say("no procedure has an action {id}").text,
    "order": say("a list cannot be sorted by {id}").text,
    "column": say("there is no column {id}").text,
    "view": say("there is no view {id}").text,
    "field": say("{id} is no field that takes a file here").text,
}
_WITH_LIST = ("community", "committee", "roster", "procedure", "partner")
_MOST_CHOICES = 12


def require_id(id: str, among: Collection[str], kind: str) -> None:
    """Check that an id exists. Raises WrongUsage that suggests the closest id in ``among``."""
    if id in among:
        return
    raise WrongUsage(LocalizedText(_UNKNOWN[kind], {"id": id}), _suggest_id(id, among, kind))


def _suggest_id(id: str, among: Collection[str], kind: str) -> LocalizedText | None:
    """Suggest the closest ids, or those with the closest titles, else where to find one."""
    titles = titles_of(among)
    nearest = find_nearest_ids(id, titles)
    if nearest:
        return say("did you mean {name}?", name=label_ids(nearest, titles))
    if kind in _WITH_LIST:
        return say("`fujin {kind} list` shows them", kind=kind)
    return say("choose one of: {names}", names=shorten_list(sorted(among), _MOST_CHOICES)) if among else None


def require_filter(
    id: str | None, kind: str, shown: Collection[str | None], known: Callable[[], Collection[str]]
) -> None:
    """Check the id by which a list is filtered, so that a typing error is not an empty list. Raises WrongUsage.

    ``shown`` are the ids in the list; only for another one are the ``known`` ids read from configuration and ledger.
    """
    if id is not None and id not in shown:
        require_id(id, known(), kind)


def require_communities(console: Console, ids: Sequence[str] | None) -> None:
    """Check that each community is in the configuration or the ledger, so that a typing error is not an empty list.

    Raises WrongUsage.
    """
    communities = console.session.ledger.communities() if ids else ()
    for id in ids or ():
        if id not in communities:
            require_id(id, console.session.workspace.organisation.communities, "community")
