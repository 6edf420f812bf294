"""Define the options that all commands share, and register commands with them."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from fujin_cli.commands.common.console import FORMATS, Console
from fujin_cli.commands.common.lazy_group import HelpfulCommand
from fujin_cli.core.model.ids import NAME, volume_of
from fujin_cli.core.text.localized import say
from fujin_cli.language import translate as _
from fujin_cli.use_cases.session import Session, WrongUsage, refuse_invalid_moment

Workspace = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", metavar="DIR", help=_("the workspace (default: this folder or one above)")),
]
Json = Annotated[bool, typer.Option("--json", help=_("answer in JSON (the same as --format json)"))]
Format = Annotated[
    str | None,
    typer.Option("--format", metavar="FORMAT", help=_("text, json or tsv")),
]
Now = Annotated[
    str | None,
    typer.Option("--now", metavar="TIME", help=_("use this time as now (changes: only in a rehearsal)")),
]
Actor = Annotated[
    str | None, typer.Option("--as", metavar="ID", help=_("who acts: a person, a partner, `reporter`, `resident`"))
]


def check_remark(text: str | None) -> str | None:
    """Return a remark without the blanks around it. Raises WrongUsage for an empty or a very long one."""
    if text is None:
        return None
    from fujin_cli.commands.common.written_texts import trim_remark

    return trim_remark(text)


def check_request_id(id: str | None) -> str | None:
    """Return a request id. Raises WrongUsage for one that is longer than the ledger takes."""
    from fujin_cli.store.ledger.protocol import LONGEST_REQUEST_ID

    if id is not None and len(id) > LONGEST_REQUEST_ID:
        from fujin_cli.commands.common.written_texts import refuse_long_request_id

        raise refuse_long_request_id(id, LONGEST_REQUEST_ID)
    return id


RequestId = Annotated[
    str | None,
    typer.Option(
        "--request-id",
        metavar="ID",
        help=_("make repeating safe: an id takes effect once"),
        callback=check_request_id,
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help=_("show what would happen and change nothing"))]
Note = Annotated[
    str | None,
    typer.Option("--note", metavar="TEXT", help=_("a remark to record with the event"), callback=check_remark),
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="FIELD=VALUE", help=_("a field; VALUE may be @FILE or @- (stdin)")),
]

SetOrAppend = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="FIELD=VALUE",
        help=_("a field; FIELD+=VALUE appends to a list; VALUE may be @FILE or @- (stdin)"),
    ),
]


def completes(kind: str) -> Callable[[str], list[str]]:
    """Mark what TAB completes for a value; docs/tab_table.py writes it into the table that TAB reads."""

    def list_nothing(incomplete: str) -> list[str]:
        return []  # typer's own completion imports the whole command

    list_nothing.kind = kind  # type: ignore[attr-defined]
    return list_nothing


_COMMON: dict[str, tuple[Any, Any]] = {
    "workspace": (Workspace, None),
    "json": (Json, False),
    "format": (Format, None),
    "now": (Now, None),
}


def command(
    app: typer.Typer,
    name: str,
    help: str,
    examples: str = "",
    acts: bool = False,
    formats: tuple[str, ...] = FORMATS,
    several: bool = False,
) -> Callable[[Callable[..., int | None]], Callable[..., None]]:
    """Register a function as a command: its first argument is a Console, its result the exit code (None is 0).

    ``acts`` adds ``--as``; ``examples`` are shell lines for the help page; ``formats`` are the values of ``--format``.
    ``several``: the command line takes several cases, and the function is called with each ``case`` by itself.
    """
    common = {**_COMMON, "actor": (Actor, None)} if acts else dict(_COMMON)
    if formats is not FORMATS:
        help_of_format = str(say("one of {formats}", formats=formats))
        option = typer.Option("--format", metavar="FORMAT", help=help_of_format)
        common["format"] = (Annotated[str | None, option], None)

    def decorate(function: Callable[..., int | None]) -> Callable[..., None]:
        hints = get_type_hints(function, include_extras=True)
        own = [
            parameter for parameter in inspect.signature(function).parameters.values() if parameter.name != "console"
        ]

        behind = _take_several_cases(own, hints) if several else None

        def run(**values: Any) -> None:
            console = _make_console(formats, **{name: values.pop(name) for name in common})
            if several and not values["case"]:
                from fujin_cli.commands.common.several_cases import shift_case

                shift_case(values, behind)
            narrowed = {name: _narrow_id(name, value) for name, value in values.items()}
            arguments = _resolve_titles(console, narrowed, acts)
            if console.session.actor_text:
                _ = console.session.actor  # also where nobody acts, so that a typing error is never ignored
            arguments = _resolve_cases(console, arguments)
            with console.running():
                code = _run_for_cases(console, function, arguments) if several else function(console, **arguments)
            console.remember_shown(arguments.get("case") if not code else None)
            if code:
                raise typer.Exit(code)

        parameters = [parameter.replace(annotation=hints[parameter.name]) for parameter in own]
        kind = inspect.Parameter.KEYWORD_ONLY
        parameters += [
            inspect.Parameter(name, kind, default=default, annotation=annotation)
            for name, (annotation, default) in common.items()
        ]
        parameters = [parameter.replace(kind=kind) for parameter in parameters]
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        run.__name__ = function.__name__
        app.command(name, help=help, epilog=examples, cls=HelpfulCommand)(run)
        return run

    return decorate


def _take_several_cases(own: list[inspect.Parameter], hints: dict[str, Any]) -> inspect.Parameter | None:
    """Let the argument ``case`` take several values; return the argument behind it, which gets the last word."""
    hints["case"] = Annotated[(list[str] | None, *hints["case"].__metadata__)]
    arguments = [index for index, parameter in enumerate(own) if _is_argument(hints[parameter.name])]
    own[arguments[0]] = own[arguments[0]].replace(default=None)
    return own[arguments[1]] if arguments[1:] else None


def _is_argument(hint: Any) -> bool:
    return any(isinstance(part, typer.models.ArgumentInfo) for part in getattr(hint, "__metadata__", ()))


def _run_for_cases(console: Console, function: Callable[..., int | None], arguments: dict[str, Any]) -> int | None:
    """Run a command for each of its cases; a single one is answered as by a command that takes one."""
    cases = list(dict.fromkeys(arguments["case"]))
    arguments["case"] = cases[0]
    if len(cases) == 1:
        return function(console, **arguments)
    from fujin_cli.commands.common.several_cases import run_for_each

    return run_for_each(console, function, arguments, cases)


def _make_console(
    formats: tuple[str, ...],
    workspace: Path | None,
    json: bool,
    format: str | None,
    now: str | None,
    actor: str | None = None,
) -> Console:
    if format is not None and format not in formats:
        raise WrongUsage(say("--format takes one of {formats}", formats=formats))
    if workspace is not None and not workspace.exists():
        raise WrongUsage(say("there is no folder {path}", path=str(workspace)))
    if now is not None:
        _check_moment(now)
    session = Session(workspace, now, actor and _narrow_id("actor", actor))
    return Console(session, "json" if json else format or "text", draws_tables=format == "text")


_IDS = frozenset(
    [
        *("action", "actor", "can", "case", "cases", "code", "committee", "community"),
        *("into", "messages", "owner", "partner", "procedure", "step", "to", "topic", "unit"),
    ]
)


def _narrow_id(name: str, value: Any) -> Any:
    """Write the value of an option or argument that takes an id in ASCII: ``ＸＦ０１`` → ``XF01``."""
    if name in _IDS and isinstance(value, list):
        return [_narrow_id(name, member) for member in value]
    if name not in _IDS or not isinstance(value, str) or value.isascii():
        return value
    from fujin_cli.core.text.half_width import to_half_width

    return to_half_width(value)


# Arguments that name something → what they name: they take a title for its id.
_TITLED = {
    "action": "action",
    "community": "community",
    "committee": "committee",
    "procedure": "procedure",
    "partner": "partner",
    "topic": "topic",
    "can": "topic",
    "unit": "roster",
    "step": "step",
    "to": "actor",
    "owner": "actor",
}


def _resolve_titles(console: Console, values: dict[str, Any], acts: bool) -> dict[str, Any]:
    """Replace titles by ids in the arguments that name something, and the name of the person who acts."""
    actor = console.session.actor_text or (acts and os.environ.get("FUJIN_AS"))
    if actor and not NAME.fullmatch(actor):
        from fujin_cli.commands.common.title_arguments import resolve_actor

        resolve_actor(console, actor)
    named = {name: values[name] for name in _TITLED if values.get(name)}
    if NAME.fullmatch(named.get("action", "")):  # nothing is imported for the move that is made most
        del named["action"]
    if not named:
        return values
    from fujin_cli.commands.common.title_arguments import resolve_argument

    return values | {name: resolve_argument(console, _TITLED[name], value) for name, value in named.items()}


_CASES = ("case", "cases", "into", "messages")  # arguments that take references to cases


def _resolve_cases(console: Console, values: dict[str, Any]) -> dict[str, Any]:
    """Replace the references to cases by ids; whole ids stay, and nothing is looked up for them."""
    references = {name: values[name] for name in _CASES if values.get(name) and values[name] is not True}
    texts = [text for value in references.values() for text in ([value] if isinstance(value, str) else value)]
    if all(_is_whole_id(console, text) for text in texts):
        return values
    from fujin_cli.commands.common.case_references import resolve_references

    resolved = {
        name: resolve_references(console, value, takes_messages=name == "messages")
        for name, value in references.items()
    }
    return values | resolved


def _is_whole_id(console: Console, text: str) -> bool:
    """Whether a text is the id of a case, or of a message, of a community that has cases."""
    try:
        volume = volume_of(text.partition(".")[0])
    except ValueError:
        return False
    return volume.community in console.session.ledger.communities()


def _check_moment(text: str) -> None:
    """Check ``--now``, also for commands that do not read the clock. Raises WrongUsage for a mistyped time."""
    from fujin_cli.core.calendar.written_moments import read_written_moment

    try:
        read_written_moment(text)
    except ValueError:
        raise refuse_invalid_moment() from None
