"""Define ``fujin roster``: list, show, add and rename the people of committees and offices, their roles and terms."""

from __future__ import annotations

from typing import Annotated

import typer

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.id_arguments import require_id
from fujin_cli.commands.common.lazy_group import HelpfulGroup
from fujin_cli.commands.common.options import DryRun, command, completes
from fujin_cli.core.model.references import Reference
from fujin_cli.language import translate as _
from fujin_cli.render.organisation.units import roster_json, roster_table, rosters_json, rosters_table

app = typer.Typer(
    cls=HelpfulGroup,
    no_args_is_help=True,
    add_completion=False,
    help=_("List and show rosters; add and rename people."),
    rich_markup_mode=None,
)


@command(app, "list", _("List the rosters: people, vacancies, terms that end soon."), examples="fujin roster list")
def list_(console: Console) -> None:
    """List the rosters."""
    organisation = console.session.workspace.organisation
    today = console.session.calendar.to_local(console.session.now).date()
    console.answer(lambda: rosters_json(organisation, today), lambda: rosters_table(organisation, today))


@command(
    app,
    "show",
    _("Show a roster: everybody's seat, roles and term."),
    examples="fujin roster show XF01-environment\nfujin roster show XF01",
)
def show(
    console: Console,
    unit: Annotated[
        str,
        typer.Argument(
            metavar="ID", help=_("a committee, community, street or the city"), autocompletion=completes("roster")
        ),
    ],
) -> None:
    """Show a roster."""
    organisation = console.session.workspace.organisation
    require_id(unit, organisation.rosters, "roster")
    today = console.session.calendar.to_local(console.session.now).date()
    console.answer(lambda: roster_json(organisation, unit, today), lambda: roster_table(organisation, unit, today))


@command(
    app,
    "add",
    _("Add a person to the roster of a committee or an office."),
    examples="fujin roster add XF01-opinion p-0999 --name 样例 --seat member --role collector --dry-run",
)
def add(
    console: Console,
    unit: Annotated[
        str,
        typer.Argument(
            metavar="UNIT", help=_("a committee, community, street or the city"), autocompletion=completes("roster")
        ),
    ],
    person: Annotated[str, typer.Argument(metavar="PERSON", help=_("the person's id"))],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help=_("the name that lists show"))],
    roles: Annotated[list[str] | None, typer.Option("--role", metavar="ROLE", help=_("what the person does"))] = None,
    seat: Annotated[
        str | None, typer.Option("--seat", metavar="SEAT", help=_("head or member, on a committee's roster"))
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help=_("the first day of the term (a seat: today)"))
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help=_("the last day of the term (a seat: three years)"))
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Add a person."""
    from fujin_cli.commands.common.new_entry import answer_new_entry, find_first_day
    from fujin_cli.use_cases.configuration.new_entries import plan_new_person
    from fujin_cli.use_cases.configuration.new_person import build_person

    organisation = console.session.workspace.organisation
    require_id(
        unit, [*organisation.committees, *organisation.communities, *organisation.streets, organisation.city], "roster"
    )
    for role in roles or ():
        require_id(role, organisation.roles, "role")
    spec = build_person(organisation, unit, person, name, roles or [], seat, since, until, find_first_day(console))
    answer_new_entry(
        console,
        Reference("person", person),
        lambda contents, today: plan_new_person(contents, organisation, today, unit, spec),
        [],
        dry_run=dry_run,
    )


@command(
    app,
    "rename",
    _("Rename a person in every file of the workspace; comments stay."),
    examples="fujin roster rename p-0001 wang-hua --dry-run",
)
def rename(
    console: Console,
    old: Annotated[str, typer.Argument(metavar="OLD", help=_("the person's id now"))],
    new: Annotated[str, typer.Argument(metavar="NEW", help=_("the person's new id"))],
    dry_run: DryRun = False,
) -> None:
    """Rename a person."""
    from fujin_cli.commands.common.renaming import rename_id

    people = {member.person for member in console.session.workspace.organisation.people()}
    require_id(old, sorted(people), "person")
    rename_id(console, Reference("person", old), new, dry_run=dry_run)
