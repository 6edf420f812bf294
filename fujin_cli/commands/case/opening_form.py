"""Ask on the terminal for what a new case needs, show what would be opened, and open it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field, replace

from fujin_cli.commands.case.advance import summary_line
from fujin_cli.commands.case.take_opening import Opening, check_opening, take_opening
from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.form import NO_CONTACT, FieldForm, WentBack, choose_one, make_check, read_line, show
from fujin_cli.core.findings.refusals import INPUT_MISSING, INPUT_UNFIT, Refusal
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.questions import Choice, Surroundings, list_opening_questions
from fujin_cli.core.text.localized import say
from fujin_cli.render.findings.text import refusal_text
from fujin_cli.use_cases.run_operation import OperationResult


@dataclass
class OpeningForm:
    """The form of one new case; ``opening`` is what the command line gave already."""

    console: Console
    opening: Opening
    contacts: dict[str, dict[str, str]] = field(default_factory=dict)

    def run(self) -> None:
        """Ask, show the dry run, and open the case. Ctrl-C at any question leaves everything as it was."""
        self._choose_place()
        version, _community = check_opening(self.console, self.opening)
        if version is None:
            take_opening(self.console, self.opening)  # refuses it, with the reason
            return
        self._fill_in(version)
        if not self.opening.dry_run:
            take_opening(self.console, self.opening, self.contacts)

    def _choose_place(self) -> None:
        """Ask for the procedure and the community where they are missing."""
        while self.opening.procedure is None or self.opening.community is None:
            try:
                if self.opening.procedure is None:
                    self.opening.procedure = choose_one(say("Which procedure?"), self._list_procedures())
                self.opening.community = self.opening.community or self._choose_community()
            except WentBack:
                self.opening.procedure = None

    def _list_procedures(self) -> list[Choice]:
        """List the procedures whose cases people open."""
        versions = self.console.session.workspace.procedures.values()
        opened = [version for version in versions if set(version.opened_by) - {"procedure"}]
        return [Choice(version.name, version.title or version.name) for version in opened]

    def _choose_community(self) -> str:
        """Ask for the community, that of the acting person first; a single one is no question."""
        organisation = self.console.session.workspace.organisation
        seated = organisation.find_person(self.console.session.actor)
        unit = organisation.committees.get(seated.unit) if seated else None
        own = (unit.parent if unit else seated.unit) if seated else None
        communities = sorted(organisation.communities, key=lambda id: id != own)
        if len(communities) == 1:
            return communities[0]
        choices = [Choice(id, organisation.communities[id].title or id) for id in communities]
        return choose_one(say("Which community?"), choices, takes_first=own in organisation.communities)

    def _fill_in(self, version: Procedure) -> None:
        """Ask until the dry run is accepted."""
        organisation = self.console.session.workspace.organisation
        surroundings = Surroundings(str(self.opening.community), {})
        given = dict(self.opening.texts)
        questions = [
            question
            for question in list_opening_questions(version, organisation, surroundings)
            if question.field.name not in given and (not given or question.required)
        ]
        form = FieldForm(
            questions, make_check(version, organisation, self.console.session.calendar), self._keep_contact
        )
        start = 0
        while True:
            try:
                self.opening.texts = given | form.ask(start)
                start = max(0, len(questions) - 1)
                if self._is_confirmed():
                    return
            except WentBack:
                continue

    def _keep_contact(self, name: str, contact: dict[str, str]) -> str:
        self.contacts[name] = contact
        return NO_CONTACT

    def _is_confirmed(self) -> bool:
        """Show the dry run and the command line that does the same; Enter accepts it. Raises WentBack."""
        show()
        try:
            take_opening(self.console, replace(self.opening, dry_run=True), answer=_show_result)
        except Refusal as refusal:
            if refusal.code not in (INPUT_MISSING, INPUT_UNFIT):
                raise
            show(refusal_text(refusal, self.console.colour).rstrip("\n"))
            return False
        show(say("the same as a command: {command}", command=self._format_command()))
        if self.opening.dry_run:
            return True
        return not read_line(say("Enter does it, < goes back, Ctrl-C leaves everything as it is:"))

    def _format_command(self) -> str:
        opening = self.opening
        parts = ["fujin", "case", "open", str(opening.procedure), "--community", str(opening.community)]
        for name, value in (("--committee", opening.committee), ("--channel", opening.channel)):
            parts += [name, value] if value else []
        if self.console.session.actor_text:
            parts += ["--as", self.console.session.actor_text]
        for name, texts in opening.texts.items():
            for text in texts:
                parts += ["--set", f"{name}=@{name}.txt" if text == NO_CONTACT else f"{name}={text}"]
        parts += ["--note", opening.note] if opening.note else []
        return shlex.join(parts)


def _show_result(console: Console, result: OperationResult[str], dry_run: bool) -> None:
    show(summary_line(console, result.decided or "", result, dry_run))
