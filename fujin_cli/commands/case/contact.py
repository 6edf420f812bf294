"""Define ``fujin case contact``: show or correct the contacts of a case; each access is recorded."""

from __future__ import annotations

from typing import Annotated

import typer

from fujin_cli.commands.case.advance import CaseId
from fujin_cli.commands.common.console import Console, on_terminal
from fujin_cli.commands.common.field_arguments import parse_sets
from fujin_cli.commands.common.form import ask_line
from fujin_cli.commands.common.options import DryRun, RequestId, check_remark, command
from fujin_cli.commands.common.stdin import read_named_file
from fujin_cli.core.text.localized import LocalizedText, say, title_of
from fujin_cli.language import translate as _
from fujin_cli.render.basics.tables import Table
from fujin_cli.render.cases.contact_page import CONTACT_TITLES, contacts_json, contacts_page, contacts_table
from fujin_cli.store.vault.contacts import check_contact, read_contact_text
from fujin_cli.use_cases.contact_access import ContactAccess
from fujin_cli.use_cases.session import WrongUsage

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@command(
    app,
    "contact",
    _("Show the name and number of a case's complainants, or correct them; who does so, and why, is recorded."),
    acts=True,
    examples='fujin case contact XF01-202606a-0001 --why "回访" --as p-0103\n'
    'fujin case contact XF01-202606a-0001 --why "更正号码" --edit --set reporter=@- --as p-0001 < contact.txt',
)
def contact(
    console: Console,
    case: CaseId,
    why: Annotated[
        str, typer.Option("--why", metavar="TEXT", help=_("why you need it; this is recorded"), callback=check_remark)
    ],
    edit: Annotated[bool, typer.Option("--edit", help=_("correct a contact; a terminal is asked for it"))] = False,
    sets: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="FIELD=@FILE",
            help=_("with --edit: the contact that replaces the old one, from a file or @- (stdin)"),
        ),
    ] = None,
    request_id: RequestId = None,
    dry_run: DryRun = False,
) -> int:
    """Show or correct the contacts of a case."""
    console.session.check_now_allowed()
    if not edit and (sets or request_id or dry_run):
        raise WrongUsage(say("--set, --request-id and --dry-run need --edit"))
    access = ContactAccess.of_case(console.session, case, why)
    if edit:
        _correct_contact(console, access, sets, request_id, dry_run)
        return 0
    version, contacts = access.people.procedure, access.show()

    def lay_out() -> str | Table:
        if console.format == "tsv":
            return contacts_table(access.people.case.id, contacts)
        return contacts_page(access.people.case.id, version, contacts, console.page_width)

    console.answer(lambda: contacts_json(access.people.case.id, contacts), lay_out)
    return 1 if any(stored.problem for stored in contacts) else 0


def _correct_contact(
    console: Console, access: ContactAccess, sets: list[str] | None, request_id: str | None, dry_run: bool
) -> None:
    references = access.references()
    if sets:
        field, reference, correction = _read_set(console, sets, references)
    elif on_terminal():
        field, reference, correction = _ask_contact(access)
    else:
        help = say("give --set {field}=@FILE or {field}=@-", field=references[0][0])
        raise WrongUsage(say("the new contact is missing"), help)
    is_new = True if dry_run else access.correct(reference, correction, request_id or "")
    case, version = access.people.case.id, access.people.procedure
    if dry_run:
        line = say("dry run: the contact of {case} would be corrected: {field}")
    elif is_new:
        line = say("contact of {case} corrected: {field}; this was recorded in the log of the vault")
    else:
        line = say("already done with this request id; nothing was changed")
    console.answer(
        lambda: {
            "version": 1,
            "case": case,
            "field": field,
            "reference": reference,
            "request_id": request_id,
            "repeated": not is_new,
            "dry_run": dry_run,
        },
        lambda: str(LocalizedText(line.text, {"case": case, "field": title_of(version.fields[field].title, field)})),
    )


def _read_set(console: Console, sets: list[str], references: list[tuple[str, str]]) -> tuple[str, str, dict[str, str]]:
    """Read the one contact that ``--set`` gives: its field, reference and new data. Raises WrongUsage, Unfit."""
    texts = [(name, value) for name, values in parse_sets(sets).items() for value in values]
    if len(texts) > 1:
        raise WrongUsage(say("--edit corrects one contact at a time"))
    name, value = texts[0]
    matching = [(field, reference) for field, reference in references if name in (field, reference)]
    if not matching:
        names = list(dict.fromkeys(field for field, _reference in references))
        raise WrongUsage(
            say("{name} is no contact of this case", name=name), say("choose one of: {names}", names=names)
        )
    if len(matching) > 1:
        raise WrongUsage(
            say("{field} holds several contacts", field=name),
            say("name one by its reference: {names}", names=[reference for _field, reference in matching]),
        )
    if not value.startswith("@"):
        raise WrongUsage(
            say("contact data must not be given on the command line, where other users can read it"),
            say("give {field}=@FILE or {field}=@- (lines `name: …` and `phone: …`)", field=name),
        )
    return *matching[0], read_contact_text(console.read_stdin() if value == "@-" else read_named_file(value[1:]))


def _ask_contact(access: ContactAccess) -> tuple[str, str, dict[str, str]]:
    """Ask for a contact on the terminal, part by part; an empty answer keeps what is shown. Raises Unfit."""
    references = access.references()
    if len(references) > 1:
        raise WrongUsage(
            say("this case has several contacts"),
            say("name one by its reference: {names}", names=[reference for _field, reference in references]),
        )
    field, reference, present, _problem = access.show()[0]
    correction: dict[str, str] = {}
    for key, title in CONTACT_TITLES.items():
        question = say("{title} [{present}]: ", title=title, present=present.get(key, ""))
        correction[key] = ask_line(str(question)) or present.get(key, "")
    return field, reference, check_contact(correction)
