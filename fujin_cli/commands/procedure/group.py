"""Define ``fujin procedure``: list and show procedures, replay a run, and list stored versions."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.id_arguments import require_filter, require_id
from fujin_cli.commands.common.lazy_group import HelpfulGroup
from fujin_cli.commands.common.options import DryRun, Set, command, completes
from fujin_cli.core.findings.refusals import Refusal
from fujin_cli.core.model.references import Reference
from fujin_cli.core.text.localized import say
from fujin_cli.language import translate as _
from fujin_cli.render.procedures.table import (
    mermaid_diagram,
    procedure_json,
    procedure_page,
    procedures_json,
    procedures_table,
)
from fujin_cli.store.ledger.protocol import Damaged

if TYPE_CHECKING:
    from fujin_cli.render.versions.procedure_versions import ProcedureVersion

app = typer.Typer(
    cls=HelpfulGroup,
    no_args_is_help=True,
    add_completion=False,
    help=_("List, show, replay, add and rename procedures."),
    rich_markup_mode=None,
)


@command(app, "list", _("List the procedures."), examples="fujin procedure list")
def list_(console: Console) -> None:
    """List the procedures."""
    versions = list(console.session.workspace.procedures.values())
    console.answer(lambda: procedures_json(versions), lambda: procedures_table(versions))


@command(
    app,
    "show",
    _("Show a procedure: the actions of each step, who may take them, by when, and where they lead."),
    examples="fujin procedure show resident-request\nfujin procedure show work-order --diagram > work-order.mmd",
)
def show(
    console: Console,
    procedure: Annotated[
        str, typer.Argument(metavar="PROCEDURE", help=_("which procedure"), autocompletion=completes("procedure"))
    ],
    diagram: Annotated[bool, typer.Option("--diagram", help=_("as a Mermaid state diagram"))] = False,
) -> None:
    """Show a procedure as a page or a Mermaid diagram."""
    require_id(procedure, console.session.workspace.procedures, "procedure")
    version = console.session.workspace.procedures[procedure]
    if diagram:
        console.answer(
            lambda: {"version": 1, "procedure": version.name, "mermaid": mermaid_diagram(version)},
            lambda: mermaid_diagram(version),
        )
        return
    console.answer(
        lambda: procedure_json(version),
        lambda: procedure_page(version, console.page_width, console.colour, console.session.workspace),
    )


@command(
    app,
    "replay",
    _("Replay a run and show each of its events; nothing is written to the ledger."),
    examples="fujin procedure replay resident-request --actions accept,withdraw\n"
    "fujin procedure replay resident-request --actions accept,dispatch,orders=verified,finish,approve\n"
    "fujin procedure replay --scenario workflows/scenarios/rework.yaml --json",
)
def replay(
    console: Console,
    procedure: Annotated[
        str | None,
        typer.Argument(metavar="PROCEDURE", help=_("which procedure"), autocompletion=completes("procedure")),
    ] = None,
    actions: Annotated[
        str | None,
        typer.Option(
            "--actions",
            metavar="LINE,LINE…",
            help=_("actions (with values: dispatch{lead=police}) and events such as orders=verified, rung=2, time=up"),
        ),
    ] = None,
    scenario: Annotated[
        Path | None, typer.Option("--scenario", metavar="FILE", help=_("replay the run of this scenario file"))
    ] = None,
    sets: Set = None,
    community: Annotated[
        str | None, typer.Option("--community", metavar="ID", help=_("where"), autocompletion=completes("community"))
    ] = None,
    committee: Annotated[
        str | None, typer.Option("--committee", metavar="ID", help=_("the committee that handles it"))
    ] = None,
) -> int:
    """Replay a run, without lines its opening alone; stop at the first line that is refused, with exit code 1."""
    from fujin_cli.commands.procedure.replay import read_run, replay_run

    run = read_run(console, procedure, actions, scenario, sets, community, committee)
    return replay_run(console, run)


@command(
    app,
    "versions",
    _("Show each version of a procedure in the ledger, and how many open cases follow it."),
    examples="fujin procedure versions\nfujin procedure versions resident-request",
)
def versions(
    console: Console,
    procedure: Annotated[
        str | None,
        typer.Argument(metavar="PROCEDURE", help=_("only this one"), autocompletion=completes("procedure")),
    ] = None,
) -> int:
    """List versions: active, draining or drained. Reads the stored procedure texts and the volumes with open cases."""
    from fujin_cli.render.versions.procedure_versions import versions_json, versions_table

    rows = _list_versions(console)
    require_filter(procedure, "procedure", (), lambda: {row.procedure for row in rows})
    rows = [row for row in rows if procedure in (None, row.procedure)]
    console.answer(
        lambda: versions_json(rows, console.session.calendar), lambda: versions_table(rows, console.session.calendar)
    )
    return console.report_damage()


def _list_versions(console: Console) -> list[ProcedureVersion]:
    """List every version, by procedure, oldest first; a version that was never used has no day."""
    from fujin_cli.render.versions.procedure_versions import ProcedureVersion
    from fujin_cli.use_cases.list_cases import open_cases

    counts = Counter(case.version_digest for case in open_cases(console.session, None))
    active = {version.digest: version for version in console.session.workspace.procedures.values()}
    rows = []
    for digest, since in console.session.ledger.procedure_texts():
        try:
            version = active.get(digest) or console.session.version(digest)
        except Refusal as refusal:
            console.session.unreadable_cases[digest[:12]] = refusal.message
            continue
        except Damaged as damage:
            console.session.unreadable_cases[digest[:12]] = damage.finding.message
            continue
        rows.append(ProcedureVersion(version.name, version.title, digest, digest in active, counts[digest], since))
    stored_digests = {row.digest for row in rows}
    rows += [
        ProcedureVersion(version.name, version.title, digest, True, counts[digest])
        for digest, version in active.items()
        if digest not in stored_digests
    ]
    return sorted(rows, key=lambda row: row.procedure)


@command(
    app,
    "new",
    _("Add a small procedure to begin with."),
    examples="fujin procedure new noise --title 噪声扰民 --dry-run",
)
def new(
    console: Console,
    id: Annotated[str, typer.Argument(metavar="ID", help=_("its id"))],
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help=_("its title"))],
    dry_run: DryRun = False,
) -> None:
    """Add a procedure."""
    from fujin_cli.commands.common.new_entry import answer_new_entry
    from fujin_cli.use_cases.configuration.new_entries import plan_new_procedure

    answer_new_entry(
        console,
        Reference("procedure", id),
        lambda contents, today: plan_new_procedure(contents, console.session.workspace, today, id, title),
        [
            say("change its steps, then `fujin validate`"),
            say("list it under procedures of the committees that work by it"),
        ],
        dry_run=dry_run,
    )


@command(
    app,
    "rename",
    _("Rename a procedure, or a part of one (PROCEDURE/steps/ID), in every file; comments stay."),
    examples="fujin procedure rename objection complaint --dry-run\n"
    "fujin procedure rename resident-request/steps/handling working",
)
def rename(
    console: Console,
    old: Annotated[
        str,
        typer.Argument(
            metavar="OLD",
            help=_("PROCEDURE, or PROCEDURE/PART/ID, where PART is steps, actions, fields, people, groups, …"),
            autocompletion=completes("procedure"),
        ),
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", help=_("the new id"))],
    dry_run: DryRun = False,
) -> None:
    """Rename a procedure or a part of it; a part that can say so gets ``was:``."""
    from fujin_cli.commands.common.renaming import rename_id
    from fujin_cli.commands.procedure.part_argument import read_part

    rename_id(console, read_part(console, old), new, dry_run=dry_run)
