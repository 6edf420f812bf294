"""Ask questions on a terminal, one line each: choices by number, id or title; ``<`` goes back, Ctrl-C leaves.

Everything goes to stderr, so that stdout holds the answer of the command alone.
"""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.findings.refusals import INPUT_MISSING, INPUT_UNFIT, Refusal
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.questions import Choice, Question
from fujin_cli.core.model.values import Unfit, Values
from fujin_cli.core.text.half_width import to_half_width
from fujin_cli.core.text.localized import LocalizedText, localize_value, say
from fujin_cli.render.basics.fields import EXAMPLES
from fujin_cli.render.basics.text import fold_text
from fujin_cli.render.findings.text import refusal_text
from fujin_cli.use_cases.session import WrongUsage

BACK = "<"
MOST_SHOWN = 12  # choices that a question lists at once
_SEPARATORS = re.compile("[,，、]")

Texts = dict[str, list[str]]


NO_CONTACT = "vault:c-" + "0" * 16  # stands for contact data until they are staged


class WentBack(Exception):
    """The first question was answered by ``<``."""


def show(text: object = "") -> None:
    """Write a line of a form, folded to the terminal."""
    width = shutil.get_terminal_size().columns
    sys.stderr.write("".join(f"{line}\n" for line in fold_text(localize_value(text), width) or [""]))


def ask_line(prompt: str) -> str:
    """Prompt for one line. Raises KeyboardInterrupt at the end of input."""
    sys.stderr.write(prompt)
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise KeyboardInterrupt
    return line.strip()


def read_line(prompt: object) -> str:
    """Prompt for a line of a form. Raises KeyboardInterrupt at the end of input, WentBack for ``<``."""
    text = ask_line(f"{localize_value(prompt)} ")
    if text in (BACK, "＜"):
        raise WentBack
    return text


def make_check(
    version: Procedure, organisation: Organisation, calendar: WorkingCalendar
) -> Callable[[Question, list[str]], None]:
    """Make the check of a form's answers: files exist, and all else is a value of its type. It raises Unfit."""
    values = Values(version, organisation, calendar)

    def check(question: Question, texts: list[str]) -> None:
        paths = [text[1:] for text in texts if text.startswith("@")]
        for path in paths:
            if not Path(path).is_file():
                raise Unfit(say("there is no file {path}", path=path))
        if not paths and question.field.item_type not in version.forms:
            values.read(question.field, texts)

    return check


def choose_one(title: object, choices: Sequence[Choice], takes_first: bool = False) -> str:
    """Ask for one of some choices; Enter alone takes the first where ``takes_first``. Raises WentBack."""
    picker = _Picker(choices)
    picker.show(say("{title} (Enter takes the first)", title=title) if takes_first else title)
    while True:
        line = read_line(">")
        if not line and takes_first:
            return choices[0].value
        values = picker.pick(line, is_list=False)
        if values:
            return values[0]


@dataclass
class FieldForm:
    """Ask for the values of fields. ``check`` raises Unfit or WrongUsage for texts that are no value of a field.

    ``contacts`` are the contact data that were entered, by field; NO_CONTACT stands for them in ``answers``.
    """

    questions: Sequence[Question]
    check: Callable[[Question, list[str]], None]
    contacts: dict[str, dict[str, str]]
    answers: Texts = field(default_factory=dict)

    def ask(self, start: int = 0) -> Texts:
        """Ask every question from number ``start`` on and return the answers. Raises WentBack before the first one."""
        number = start
        while number < len(self.questions):
            try:
                self._ask_question(self.questions[number])
            except WentBack:
                if number == 0:
                    raise
                number -= 1
                continue
            number += 1
        return self.answers

    def _ask_question(self, question: Question) -> None:
        """Ask until the answer is a value. Nothing keeps the earlier answer, or leaves out what is optional."""
        name = question.field.name
        picker = _Picker(question.choices) if question.choices is not None else None
        show()
        if picker is not None:
            picker.show(self._describe(question))
        else:
            show(self._describe(question))
        while True:
            texts = self._read_texts(question, picker)
            if texts is None:
                continue
            if not texts:
                if name in self.answers or not question.required:
                    return
                show(say("this has to be entered"))
                continue
            try:
                self.check(question, texts)
            except (Unfit, WrongUsage) as problem:
                show(problem.message)
                continue
            self.answers[name] = texts
            return

    def _describe(self, question: Question) -> LocalizedText:
        """Write the field's title, and what can be left out, listed, or given as a file."""
        hints: list[object] = []
        if question.present:
            hints.append(say("now: {values}", values=[_title_of(question, text) for text in question.present]))
        earlier = self.answers.get(question.field.name)
        if earlier or question.field.default is not None:
            texts = earlier or [str(question.field.default)]
            hints.append(say("Enter keeps {values}", values=[_title_of(question, text) for text in texts]))
        elif not question.required:
            hints.append(say("Enter leaves it out"))
        if question.field.is_list:
            hints.append(say("several with commas between"))
        if question.field.item_type in ("photo", "file"):
            hints.append(say("the path of a file"))
        elif question.field.item_type in EXAMPLES:
            hints.append(say("such as {example}", example=EXAMPLES[question.field.item_type]))
        if not hints:
            return say("{title}", title=question.title)
        return say("{title} ({hints})", title=question.title, hints=hints)

    def _read_texts(self, question: Question, picker: _Picker | None) -> list[str] | None:
        """Read the texts of one answer, none for an empty line; None where it has to be asked again."""
        field = question.field
        if picker is not None:
            return picker.pick(read_line(">"), field.is_list)
        if field.item_type == "contact":
            return self._read_contact(field.name)
        line = read_line(">")
        if not line:
            return []
        if field.item_type in ("photo", "file"):
            paths = _SEPARATORS.split(line) if field.is_list else [line]
            return [f"@{path.strip().removeprefix('@')}" for path in paths if path.strip()]
        return [line]

    def _read_contact(self, name: str) -> list[str]:
        entered = {key: read_line(say("{key}:", key=title)) for key, title in _CONTACT_KEYS.items()}
        contact = {key: text for key, text in entered.items() if text}
        if not contact:
            return []
        self.contacts[name] = contact
        return [NO_CONTACT]


def confirm(rehearse: Callable[[], str], command: Sequence[str], *, dry_run: bool, colour: bool) -> bool:
    """Show the dry run and the command line that does the same; Enter accepts it, as does a dry run by itself.

    Raises WentBack for ``<``, and where an input is refused, after showing why; Refusal for anything else.
    """
    show()
    try:
        changes = rehearse()
    except Refusal as refusal:
        if refusal.code not in (INPUT_MISSING, INPUT_UNFIT):
            raise
        show(refusal_text(refusal, colour).rstrip("\n"))
        raise WentBack from None
    for line in changes.splitlines():
        show(line)
    show(say("the same as a command: {command}", command=shlex.join(command)))
    return dry_run or not read_line(say("Enter does it, < goes back, Ctrl-C leaves everything as it is:"))


def list_set_options(texts: Mapping[str, list[str]]) -> list[str]:
    """List the options that set fields to these texts; contact data are read from a file there."""
    assignments = [
        f"{name}=@{name}.txt" if text == NO_CONTACT else f"{name}={text}"
        for name, values in texts.items()
        for text in values
    ]
    return [part for assignment in assignments for part in ("--set", assignment)]


_CONTACT_KEYS = {"name": say("name"), "phone": say("phone")}


class _Picker:
    """Show choices with numbers, and find those that a line names: by number, id, title or part of one."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        self._choices = choices

    def show(self, title: object) -> None:
        """Show the suitable choices, or all of them where none suits."""
        show(title)
        suitable = [choice for choice in self._choices if choice.doubt is None] or self._choices
        shown = suitable[:MOST_SHOWN]
        for number, choice in enumerate(self._choices, 1):
            if choice in shown:
                show(f"  {number:>2} {_label(choice)}")
        if len(shown) < len(self._choices):
            count = len(self._choices) - len(shown)
            show(say("  … {count} more: type a part of the name, or ? for all", count=count))

    def pick(self, line: str, is_list: bool) -> list[str] | None:
        """Return the values that a line names, none for an empty one; None, after saying why, where it fits nothing."""
        if line in ("?", "？"):
            for number, listed in enumerate(self._choices, 1):
                show(f"  {number:>2} {_label(listed)}" + (f" – {listed.doubt}" if listed.doubt else ""))
            return None
        parts = [part.strip() for part in _SEPARATORS.split(line)] if is_list else [line]
        values = []
        for part in filter(None, parts):
            choice = self._find(part)
            if choice is None:
                return None
            if choice.doubt is not None:
                show(
                    say("warning: {message}", message=say("{choice} {doubt}", choice=choice.title, doubt=choice.doubt))
                )
            values.append(choice.value)
        return values

    def _find(self, part: str) -> Choice | None:
        """Find the choice of a number, an id or a title; else the only one that has the text in it."""
        text = _fold(part)
        if text.isdigit() and 1 <= int(text) <= len(self._choices):
            return self._choices[int(text) - 1]
        exact = [choice for choice in self._choices if text in _names(choice)]
        matches = exact or [choice for choice in self._choices if any(text in name for name in _names(choice))]
        if len(matches) == 1:
            return matches[0]
        if matches:
            show(say("{text} fits more than one:", text=part))
            for choice in matches[:MOST_SHOWN]:
                show(f"  {_label(choice)}")
        else:
            show(say("there is no choice {text}", text=part))
        return None


def _title_of(question: Question, text: str) -> object:
    """Give the title of a value, where it is one of the question's choices."""
    return next((choice.title for choice in question.choices or () if choice.value == text), text)


def _label(choice: Choice) -> str:
    title = localize_value(choice.title)
    return title if title == choice.value else f"{title} ({choice.value})"


def _names(choice: Choice) -> list[str]:
    """List everything that names a choice: its id, and its title in every language."""
    titles = choice.title.values() if isinstance(choice.title, Mapping) else [localize_value(choice.title)]
    return [_fold(choice.value), *map(_fold, titles)]


def _fold(text: str) -> str:
    return "".join(to_half_width(str(text)).casefold().split())
