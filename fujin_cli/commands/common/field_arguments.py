"""Read ``--set FIELD=VALUE`` arguments: texts, files, contacts and photos become values of fields."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.stdin import read_named_file
from fujin_cli.core.cases.operation import NotPrepared
from fujin_cli.core.model.organisation import REFERENCES
from fujin_cli.core.model.procedure import Field, Procedure
from fujin_cli.core.model.values import CONTACT, Unfit
from fujin_cli.core.text.localized import say
from fujin_cli.store.vault.attachments import Attachments
from fujin_cli.store.vault.contacts import read_contact_text
from fujin_cli.use_cases.session import WrongUsage

_TITLED = frozenset(["case", "choice", "person", *REFERENCES])  # types whose values may be entered by their titles
_FILE = re.compile(r"@(?![0-9]{0,6}$).*", re.DOTALL)  # @FILE or @-, unlike @ and @3, which stand for cases
Inputs = dict[str, list[Any]]


class Assignments(NamedTuple):
    """Hold the texts of ``--set`` by field: what replaces a value, and what is appended to a list."""

    replaced: dict[str, list[str]]
    appended: dict[str, list[str]]


def parse_assignments(texts: list[str] | None) -> Assignments:
    """Group assignments by field: ``["a=1", "a=2", "b+=3"]`` → ``{"a": ["1", "2"]}`` and ``{"b": ["3"]}``.

    Raises WrongUsage.
    """
    assignments = Assignments({}, {})
    for text in texts or ():
        name, separator, value = text.partition("=" if "=" in text else "＝")
        fields = assignments.appended if name.endswith("+") else assignments.replaced
        name = name.removesuffix("+").strip()
        if not separator or not name:
            raise WrongUsage(say("--set takes FIELD=VALUE, not {text}", text=text))
        fields.setdefault(name, []).append(value)
    return assignments


def parse_sets(texts: list[str] | None) -> dict[str, list[str]]:
    """Group the assignments of a case that has no values yet, so that nothing can be appended. Raises WrongUsage."""
    replaced, appended = parse_assignments(texts)
    for name in appended:
        raise WrongUsage(
            say("{field}+= appends to a list of an existing case", field=name),
            say("give each value with --set {field}=VALUE", field=name),
        )
    return replaced


class InputReader:
    """Read the field values of one command, and stage its contacts and files unless it is a dry run.

    Each file is read once, while no lock is held, even if the ledger repeats the work of a transaction.
    """

    def __init__(self, console: Console, request_id: str | None, dry_run: bool, case: str | None = None) -> None:
        self.console = console
        self.request_id = request_id
        self.dry_run = dry_run
        self.case = case  # None where a case is opened
        self._stdin = ""
        # (kind, field, value) → the text of a file, or the reference of a contact or file
        self._prepared: dict[tuple[str, str, str], str] = {}

    def read_stdin(self, *fields: Mapping[str, list[str]]) -> None:
        """Read the value of ``@-``, if there is one, before a lock is taken. Raises WrongUsage for more than one."""
        count = sum(value == "@-" for texts in fields for values in texts.values() for value in values)
        if count > 1:
            raise WrongUsage(say("@- can be used for one field only, because stdin holds one value"))
        if count:
            self._stdin = self.console.read_stdin()

    def read_ahead(self, *fields: Mapping[str, list[str]]) -> None:
        """Read the files of fields as the procedures of today define them, before the case is read for the first time.

        What proves wrong under the version of the case is read again, and what cannot be read is reported then.
        """
        procedures = self.console.session.workspace.procedures.values()
        for name, value in [(name, value) for texts in fields for name, values in texts.items() for value in values]:
            kinds = {_kind_of(procedure, name) for procedure in procedures if name in procedure.fields}
            for kind in kinds if value.startswith("@") else ():
                with suppress(WrongUsage, Unfit):
                    self._prepare(kind, name, value)

    def read(self, procedure: Procedure, texts: Mapping[str, list[str]]) -> Inputs:
        """Read the values of every field. Unknown fields pass unchanged; the engine refuses them with a reason.

        Raises NotPrepared for each file that was not read yet, WrongUsage, Unfit.
        """
        return {name: self._read_values(procedure, name, values) for name, values in texts.items()}

    def _read_values(self, procedure: Procedure, name: str, values: list[str]) -> list[Any]:
        kind = _kind_of(procedure, name)
        if kind != "text":
            return [self._look_up(kind, name, value) for value in values]
        field = procedure.fields.get(name)
        if field is not None and field.item_type in _TITLED:
            return [self._resolve_title(field, value) for value in values]
        texts = [self._look_up(kind, name, value) if value.startswith("@") else value for value in values]
        if field is not None and field.item_type == "moment":
            for text in texts:
                self.console.session.report_clock_change(text)
        is_form = field is not None and field.item_type in procedure.forms
        return [row for text in texts for row in _parse_rows(name, text)] if is_form else texts

    def _resolve_title(self, field: Field, value: str) -> str:
        """Replace titles and short references in a value by ids, once, so that what was taken is told once."""
        key = ("title", field.name, value)
        if key not in self._prepared:
            from fujin_cli.commands.common.title_arguments import resolve_field

            text = self._look_up("text", field.name, value) if _FILE.fullmatch(value) else value
            self._prepared[key] = resolve_field(self.console, field, text)
        return self._prepared[key]

    def _look_up(self, kind: str, name: str, value: str) -> str:
        """Look up what a value stands for. Raises NotPrepared until it was read."""
        if (kind, name, value) not in self._prepared:
            raise NotPrepared(partial(self._prepare, kind, name, value))
        return self._prepared[kind, name, value]

    def _prepare(self, kind: str, name: str, value: str) -> None:
        """Read a text, or stage a contact or file. Raises WrongUsage, Unfit."""
        if kind == "text":
            prepared = self._read_text(value)
        elif kind == "contact":
            prepared = self._read_contact(name, value)
        else:
            prepared = self._read_file(name, value, kind == "photo")
        self._prepared[kind, name, value] = prepared

    def _read_text(self, value: str) -> str:
        """Read the text that ``@FILE`` or ``@-`` stands for. Raises WrongUsage."""
        if value == "@-":
            return self._stdin
        return read_named_file(value[1:])

    def _read_contact(self, name: str, value: str) -> str:
        if CONTACT.fullmatch(value):
            return value
        if not value.startswith("@"):
            raise WrongUsage(
                say("contact data must not be given on the command line, where other users can read it"),
                say("give {field}=@FILE or {field}=@- (lines `name: …` and `phone: …`)", field=name),
            )
        return self.stage_contact(name, read_contact_text(self._read_text(value)))

    def stage_contact(self, name: str, contact: dict[str, str]) -> str:
        """Stage a contact for the vault and return its reference; a dry run returns a placeholder."""
        if self.dry_run:
            return "vault:c-" + "0" * 16
        session = self.console.session
        number = sum(key[:2] == ("contact", name) for key in self._prepared)  # a list may hold several contacts
        parts = [self.request_id, self.case, name, str(number) if number else None]
        seed = "/".join(part for part in parts if part) if self.request_id else None
        reference, file = session.vault.stage(contact, seed)
        session.add_staged_file(reference, file)
        return reference

    def _read_file(self, name: str, value: str, photo: bool) -> str:
        if value.startswith("sha256:"):
            return value
        if not value.startswith("@") or value == "@-":
            raise WrongUsage(say("{field} takes a file: {field}=@FILE", field=name))
        path = Path(value[1:])
        if not path.is_file():
            raise WrongUsage(say("there is no file {path}", path=str(path)))
        if self.dry_run:
            return "sha256:" + "0" * 64
        session = self.console.session
        reference, file = Attachments(session.root / "data" / "attachments").stage(path, photo)
        session.add_staged_file(reference, file)
        return reference


def _kind_of(procedure: Procedure, name: str) -> str:
    """Tell how the values of a field are read: contact, photo, file, or text for all others."""
    field = procedure.fields.get(name)
    return field.item_type if field is not None and field.item_type in ("contact", "photo", "file") else "text"


def _parse_rows(name: str, text: str) -> list[Any]:
    """Parse the rows of a form. Raises WrongUsage."""
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        raise WrongUsage(say("{field} takes rows as JSON: [{{…}}, …]", field=name)) from None
    return rows if isinstance(rows, list) else [rows]
