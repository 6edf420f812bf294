"""Check ids from the command line, and suggest the closest one for a typing error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from fujin_cli.commands.common.console import Console
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.use_cases.session import WrongUsage

_UNKNOWN: dict[str, str] = {
    "community": say("there is no community {id}").text,
    "committee": say("there is no committee {id}").text,
    "roster": say("there is no roster {id}").text,
    "procedure": say("there is no procedure {id}").text,
    "partner": say("there is no partner {id}").text,
}


def require_id(id: str, among: Mapping[str, Any], kind: str) -> None:
    """Check that an id exists. Raises WrongUsage that suggests the closest id in ``among``."""
    if id in among:
        return
    close_ids = get_close_matches(id, list(among), 1)
    help = (
        say("did you mean {name}?", name=close_ids[0])
        if close_ids
        else say("`fujin {kind} list` shows them", kind=kind)
    )
    raise WrongUsage(LocalizedText(_UNKNOWN[kind], {"id": id}), help)


def require_communities(console: Console, ids: Sequence[str] | None) -> None:
    """Check that each community is in the configuration or the ledger, so that a typing error is not an empty list.

    Raises WrongUsage.
    """
    communities = console.session.ledger.communities() if ids else ()
    for id in ids or ():
        if id not in communities:
            require_id(id, console.session.workspace.organisation.communities, "community")
