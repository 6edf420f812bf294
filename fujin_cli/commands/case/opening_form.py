"""Ask on the terminal for what a new case needs, show what would be opened, and open it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from fujin_cli.commands.case.advance import summary_line
from fujin_cli.commands.case.take_opening import Opening, check_opening, take_opening
from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.form import FieldForm, WentBack, choose_one, confirm, list_set_options, make_check
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.questions import Choice, Surroundings, list_opening_questions
from fujin_cli.core.text.localized import say
from fujin_cli.use_cases.run_operation import OperationResult


@dataclass
class OpeningForm:
    """Ask for one new case; ``opening`` holds what the command line gave."""

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
        form = FieldForm(questions, make_check(version, organisation, self.console.session.calendar), self.contacts)
        start = 0
        while True:
            try:
                self.opening.texts = given | form.ask(start)
                start = max(0, len(questions) - 1)
                words, dry_run = self._list_command_words(), self.opening.dry_run
                if confirm(self._rehearse, words, dry_run=dry_run, colour=self.console.colour):
                    return
            except WentBack:
                continue

    def _rehearse(self) -> str:
        """Rehearse the opening and return what would be opened. Raises Refusal."""
        shown: list[str] = []
        opening = replace(self.opening, dry_run=True)
        take_opening(self.console, opening, answer=lambda *result: shown.append(_describe_result(*result)))
        return "\n".join(shown)

    def _list_command_words(self) -> list[str]:
        """List the words of the command line that does the same."""
        opening = self.opening
        words = ["fujin", "case", "open", str(opening.procedure), "--community", str(opening.community)]
        for name, value in (("--committee", opening.committee), ("--channel", opening.channel)):
            words += [name, value] if value else []
        if self.console.session.actor_text:
            words += ["--as", self.console.session.actor_text]
        words += list_set_options(opening.texts)
        return words + (["--note", opening.note] if opening.note else [])


def _describe_result(console: Console, result: OperationResult[str], dry_run: bool) -> str:
    return summary_line(console, result.decided or "", result, dry_run)
