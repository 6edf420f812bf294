"""Write the contacts of a case as JSON, as a page and as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.localized import LocalizedText, localize_value, say, title_of
from fujin_cli.render.basics.tables import Column, Table
from fujin_cli.render.basics.text import align_in_columns, fold_text

CaseContact = tuple[str, str, Mapping[str, str], LocalizedText | None]  # field, reference, contact, problem
CONTACT_TITLES = {"name": say("name"), "phone": say("phone"), "address": say("address"), "note": say("note")}


def contacts_json(case: str, contacts: Iterable[CaseContact]) -> dict[str, Any]:
    """Write the contacts as JSON, version 1; null for what a contact does not hold."""
    return {
        "version": 1,
        "case": case,
        "contacts": [
            {
                "field": field,
                "reference": reference,
                **{key: contact.get(key) for key in CONTACT_TITLES},
                "problem": str(problem) if problem else None,
            }
            for field, reference, contact, problem in contacts
        ],
    }


def contacts_page(case: str, version: Procedure, contacts: Iterable[CaseContact], width: int) -> str:
    """Write the contacts below each other, folded at ``width`` columns (0: never)."""
    lines = [f"{case}  {title_of(version.title, version.name)}"]
    for field, reference, contact, problem in contacts:
        lines += ["", *fold_text(f"{title_of(version.fields[field].title, field)}  {reference}", width)]
        rows = [[localize_value(CONTACT_TITLES[key]), text] for key, text in contact.items()]
        if problem:
            rows = [[localize_value(say("not shown")), str(problem)]]
        lines += align_in_columns(rows, width)
    lines += ["", *fold_text(str(say("recorded in the log of the vault: who read this, when and why")), width)]
    return "".join(f"{line}\n" for line in lines)


def contacts_table(case: str, contacts: Iterable[CaseContact]) -> Table:
    """List the contacts for programs."""
    return Table(
        title=case,
        columns=[Column(say("field")), Column(say("reference")), *(Column(title) for title in CONTACT_TITLES.values())],
        rows=[
            [field, reference, *(contact.get(key) for key in CONTACT_TITLES)]
            for field, reference, contact, _ in contacts
        ],
    )
