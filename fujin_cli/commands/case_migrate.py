"""``fujin case migrate``: open cases under the version of their procedure that the workspace has now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

import typer

from fujin_cli.commands.completions import complete_case, complete_procedure
from fujin_cli.commands.context import Context, WrongUsage
from fujin_cli.commands.help import HelpfulGroup
from fujin_cli.commands.looking import open_cases
from fujin_cli.commands.operate import Operated, operate
from fujin_cli.commands.options import Note, RequestId, command
from fujin_cli.core.case import Case
from fujin_cli.core.deadlines import Deadlines
from fujin_cli.core.event import digest
from fujin_cli.core.message import say
from fujin_cli.core.migrating import Plan, migrate, plan, refusal_of, undo
from fujin_cli.core.migration import Migration, migrations_in
from fujin_cli.core.refusals import MIGRATE_ENDED, NO_NEW_LAW, UNKNOWN_CASE, Refusal
from fujin_cli.language import translate as _
from fujin_cli.render.migrations import Moved, moved_json, moved_table

app = typer.Typer(cls=HelpfulGroup, add_completion=False, rich_markup_mode=None)


@command(
    app,
    "migrate",
    _("Bring open cases under the present version of their procedure; a rehearsal unless --apply is given."),
    acts=True,
    examples="fujin case migrate --all\nfujin case migrate --procedure resident-request --apply --as p-0001\n"
    "fujin case migrate XF01-202606a-0001 --undo --apply --as p-0001",
)
def migrate_(
    context: Context,
    cases: Annotated[
        list[str] | None,
        typer.Argument(metavar="CASE...", help=_("ids of cases"), autocompletion=complete_case),
    ] = None,
    procedure: Annotated[
        str | None,
        typer.Option(
            "--procedure", metavar="ID", help=_("all open cases of this procedure"), autocompletion=complete_procedure
        ),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help=_("all open cases"))] = False,
    apply: Annotated[bool, typer.Option("--apply", help=_("do it"))] = False,
    undo_: Annotated[
        bool, typer.Option("--undo", help=_("take a migration back, while nothing new has happened"))
    ] = False,
    note: Note = None,
    request_id: RequestId = None,
) -> int:
    """Migrate, or say what would happen; exit code 1 where a case cannot move."""
    if bool(cases) + bool(procedure) + all_ != 1:
        raise WrongUsage(say("name cases, or a procedure with --procedure, or --all"))
    if undo_ and not cases:
        raise WrongUsage(say("--undo takes back the migration of the cases that are named"))
    if procedure and procedure not in context.workspace.procedures:
        raise WrongUsage(say("there is no procedure {procedure}", procedure=procedure))
    run = _Run(context, note, request_id, apply)
    if undo_:
        found = [run.undone(id) for id in dict.fromkeys(cases or ())]
    else:
        found = [run.moved(planned) for planned in _selected(context, cases or [], procedure)]
    context.answer(
        lambda: moved_json(found, context.calendar, not apply),
        lambda: moved_table(found, context.calendar, not apply),
    )
    damaged = context.damages()
    return 1 if any(entry.refusal for entry in found) else damaged


@dataclass(frozen=True, slots=True)
class Planned:
    """A case, and how it can move, or why not."""

    case: Case
    plan: Plan | None = None
    refusal: Refusal | None = None


def _selected(context: Context, cases: Sequence[str], procedure: str | None) -> list[Planned]:
    """What would become of the cases. A migration file that leaves out an open case of its old law moves none."""
    migrations = list(migrations_in(context.workspace.files))
    wanted: list[Planned] = []
    if cases:
        wanted = [_planned(context, id, migrations) for id in dict.fromkeys(cases)]
        others = open_cases(context, None) if any(_mapped(entry) for entry in wanted) else iter(())
    else:
        others = open_cases(context, None)
    every = [_plan(context, case, migrations) for case in others]
    if not cases:
        wanted = [entry for entry in every if procedure in (None, entry.case.procedure)]
        wanted = [entry for entry in wanted if entry.plan is None or entry.plan.way != "same"]
    left_out = _left_out([*every, *wanted])
    return [_refused(entry, left_out) for entry in wanted]


def _planned(context: Context, id: str, migrations: Iterable[Migration]) -> Planned:
    try:
        return _plan(context, context.case(id), migrations)
    except Refusal as refusal:
        if refusal.code == UNKNOWN_CASE:
            raise
        return Planned(Case(id), None, refusal)


def _plan(context: Context, case: Case, migrations: Iterable[Migration]) -> Planned:
    if case.ended:
        refusal = Refusal(MIGRATE_ENDED, say("{case} has ended and keeps the law under which it did", case=case.id))
        return Planned(case, None, refusal)
    new = context.sound_procedure(case.procedure)
    if new is None:
        message = say("the workspace has no sound procedure {procedure}", procedure=case.procedure)
        return Planned(case, None, Refusal(NO_NEW_LAW, message, help=say("run `fujin validate`")))
    organisation = context.workspace.organisation
    found = plan(case, context.law(case.law), new, migrations, organisation, context.calendar, context.now)
    return Planned(case, found, refusal_of(case.id, found) if found.way == "stuck" else None)


def _mapped(entry: Planned) -> bool:
    return entry.plan is not None and entry.plan.way == "mapped"


def _left_out(planned: Iterable[Planned]) -> dict[str, Refusal]:
    """Migration → the refusal of a case that it should speak of and does not."""
    found: dict[str, Refusal] = {}
    for entry in planned:
        if entry.plan and entry.plan.way == "stuck" and entry.plan.migration and entry.refusal:
            found.setdefault(entry.plan.migration.name, entry.refusal)
    return found


def _refused(entry: Planned, left_out: dict[str, Refusal]) -> Planned:
    if entry.plan is None or not _mapped(entry) or entry.plan.migration is None:
        return entry
    return replace(entry, refusal=left_out.get(entry.plan.migration.name))


@dataclass(frozen=True, slots=True)
class _Run:
    """Carries out what was planned, case by case, or leaves it at that."""

    context: Context
    note: str | None
    request_id: str | None
    apply: bool

    def moved(self, planned: Planned) -> Moved:
        """What became of a case, or would."""
        case = planned.case
        if planned.plan is None or planned.refusal or not self.apply:
            return self._row(case, planned.plan, planned.refusal)
        migrations = list(migrations_in(self.context.workspace.files))
        try:
            done = operate(
                self.context,
                lambda on: migrate(on, case.id, migrations, self.context.actor, self.note),
                case=case.id, request_id=self.request_id, fingerprint=digest(["migrate", case.id]),
            )  # fmt: skip
        except Refusal as refusal:
            return self._row(case, planned.plan, refusal)
        return self._with_event(self._row(case, done.decided or planned.plan, None), done)

    def undone(self, id: str) -> Moved:
        """What became of a case whose migration was to be taken back."""
        case = self.context.case(id)
        actor = self.context.actor
        try:
            done = operate(
                self.context, lambda on: undo(on, id, actor, self.note), case=id, request_id=self.request_id,
                fingerprint=digest(["migrate", "undo", id]), dry_run=not self.apply,
            )  # fmt: skip
        except Refusal as refusal:
            return self._row(case, None, refusal)
        after = done.proceedings.case(id)
        row = replace(self._row(case, None, None), way="undone", new_law=after.law, target=after.step)
        return self._with_event(replace(row, due=self._due(after)), done)

    def _row(self, case: Case, found: Plan | None, refusal: Refusal | None) -> Moved:
        after = found.case if found and found.way != "stuck" else None
        return Moved(
            case.id, case.procedure, case.step, case.law, found.way if found else "stuck",
            after.law if after else None, after.step if after else None, self._due(after) if after else None,
            found.migration.name if found and found.migration and found.way == "mapped" else None, refusal,
        )  # fmt: skip

    def _due(self, case: Case) -> datetime | None:
        return None if case.ended else Deadlines(case, self.context.law(case.law), self.context.calendar).due()

    def _with_event(self, row: Moved, done: Operated[Any]) -> Moved:
        events = [event for id, event in done.repeated or done.proceedings.appended if id == row.case]
        return replace(
            row, event=events[0].n if events else None, request_id=done.operation, repeated=bool(done.repeated)
        )  # fmt: skip
