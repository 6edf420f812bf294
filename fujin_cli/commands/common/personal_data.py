"""Point out personal data in what was entered as text: everybody who may see the case can read it."""

from __future__ import annotations

from collections.abc import Sequence

from fujin_cli.commands.common.console import Console
from fujin_cli.core.cases.event import Event
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.localized import say, title_of
from fujin_cli.core.text.personal_data import describe_personal_data


def warn_of_personal_data(console: Console, version: Procedure, events: Sequence[Event]) -> None:
    """Warn of each field and remark with personal data, on stderr and without repeating them."""
    for event in events:
        texts = [
            (title_of(version.fields[name].title, name), value)
            for name, value in event.set.items()
            if name in version.fields and version.fields[name].item_type == "text"
        ]
        for title, value in [*texts, (say("the remark"), event.note or "")]:
            entered = " ".join(value) if isinstance(value, list) else str(value)
            for kind in describe_personal_data(entered):
                console.warn(
                    say(
                        "{field} contains {what}; everybody who may see the case can read it, and it cannot be erased",
                        field=title,
                        what=kind,
                    )
                )
