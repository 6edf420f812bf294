"""Ask on the terminal for what an action needs, show what it would do, and do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from fujin_cli.commands.common.console import Console, on_terminal
from fujin_cli.commands.common.field_arguments import InputReader
from fujin_cli.commands.common.form import (
    FieldForm,
    Texts,
    WentBack,
    choose_one,
    confirm,
    list_set_options,
    make_check,
    read_line,
)
from fujin_cli.core.cases.actors import Actor, People, list_allowed_names
from fujin_cli.core.cases.moves import Move, list_moves
from fujin_cli.core.findings.refusals import NOT_ENTITLED, Refusal
from fujin_cli.core.model.procedure import Action
from fujin_cli.core.model.questions import Choice, Surroundings, list_action_questions
from fujin_cli.core.text.localized import say
from fujin_cli.render.basics.names import step_title
from fujin_cli.use_cases.list_cases import people_of
from fujin_cli.use_cases.session import WrongUsage

Take = Callable[[bool], str]  # take the action, or rehearse it (True), and say what would change


@dataclass
class AdvanceForm:
    """Ask for one action on one case, beginning with what the command line gave.

    ``contacts`` are the contact data that were entered, by field; a placeholder stands for them in ``texts``.
    """

    console: Console
    case: str
    action: str | None = None
    texts: Texts = field(default_factory=dict)
    appends: Texts = field(default_factory=dict)
    note: str | None = None
    code: str | None = None
    dry_run: bool = False
    contacts: dict[str, dict[str, str]] = field(default_factory=dict)

    def run(
        self, take_action: Callable[..., None], change_text: Callable[..., str], request_id: str | None = None
    ) -> None:
        """Ask, show the dry run, and do the action. Ctrl-C at any question leaves everything as it was.

        ``take_action`` does it, and ``change_text`` says what it would change (see ``case.advance``). Raises
        WrongUsage off a terminal, Refusal where nothing can be done, or no longer can.
        """
        if self.console.json or not on_terminal():
            help = say("`fujin case actions {case}` lists the actions of this case", case=self.case)
            raise WrongUsage(say("ACTION is missing"), help)
        people = people_of(self.console.session, self.case)
        take = partial(self._take, take_action, change_text, request_id)
        chosen = self.action
        while True:
            action = self._choose_action(people, chosen)
            try:
                self.action = action.name
                self._fill_in(people, action, take, asks_all=chosen is None)
            except WentBack:
                if chosen is None:
                    continue
                raise KeyboardInterrupt from None
            if not self.dry_run:
                take(False)
            return

    def _choose_action(self, people: People, chosen: str | None) -> Action:
        """Find the action that was named, or let the person choose one that they may do now."""
        session = self.console.session
        moves = list_moves(people.procedure, people.case, session.now, session.calendar)
        if chosen is not None:
            return next(move.action for move in moves if move.action.name == chosen)
        possible = [move for move in moves if move.is_open and _may_act(people, move.action, session.actor)]
        if not possible:
            raise Refusal(
                NOT_ENTITLED,
                say("no action on {case} is open to {actor} now", case=self.case, actor=session.actor),
                help=say("`fujin case actions {case}` says who may do what, and why not", case=self.case),
            )
        title = say("{case}: {step}", case=self.case, step=step_title(people.procedure, people.case.step))
        choices = [Choice(move.action.name, _describe_move(people, move)) for move in possible]
        while True:
            try:
                name = choose_one(title, choices)
            except WentBack:
                continue
            return next(move.action for move in possible if move.action.name == name)

    def _fill_in(self, people: People, action: Action, take: Take, asks_all: bool) -> None:
        """Ask until the dry run is accepted. Raises WentBack before the first question."""
        case, version = people.case, people.procedure
        questions = [
            question
            for question in list_action_questions(
                version, people.organisation, action, Surroundings(case.community, case.values)
            )
            if question.field.name not in (self.texts.keys() | self.appends.keys()) and (asks_all or question.required)
        ]
        form = FieldForm(
            questions, make_check(version, people.organisation, self.console.session.calendar), self.contacts
        )
        start = 0
        while True:
            answers = form.ask(start)
            start = max(0, len(questions) - 1)
            try:
                if self.code is None and _needs_code(people, action, self.console.session.actor):
                    self.code = read_line(say("acceptance code of the complainant:")) or None
                self.texts |= answers
                rehearse, colour = partial(take, True), self.console.colour
                if confirm(rehearse, self._list_command_words(), dry_run=self.dry_run, colour=colour):
                    return
            except WentBack:
                self.texts = {name: texts for name, texts in self.texts.items() if name not in answers}
                if not questions:
                    raise

    def _take(
        self,
        take_action: Callable[..., None],
        change_text: Callable[..., str],
        request_id: str | None,
        dry_run: bool,
    ) -> str:
        """Take the action, or rehearse it and return what would change."""
        reader = InputReader(self.console, request_id, dry_run, self.case)
        contacts = {} if dry_run else self.contacts
        texts = self.texts | {name: [reader.stage_contact(name, contact)] for name, contact in contacts.items()}
        shown: list[str] = []
        take_action(
            self.console,
            self.case,
            lambda before, version: (self.action, texts, self.appends),
            reader,
            note=self.note,
            code=self.code,
            request_id=request_id,
            dry_run=dry_run,
            answer=(lambda *result: shown.append(change_text(*result))) if dry_run else None,
        )
        return "\n".join(shown)

    def _list_command_words(self) -> list[str]:
        """List the words of the command line that does the same; codes are read from stdin there."""
        words = ["fujin", "case", "advance", self.case, str(self.action)]
        if self.console.session.actor_text:
            words += ["--as", self.console.session.actor_text]
        words += list_set_options(self.texts)
        words += list_set_options({f"{name}+": texts for name, texts in self.appends.items()})
        words += ["--note", self.note] if self.note else []
        return words + (["--code", "-"] if self.code else [])


def _authorize(people: People, action: Action, actor: str) -> Actor:
    """Find under which name somebody takes an action. Raises Refusal for somebody who may not."""
    return people.authorize_actor(action.by, actor, list_allowed_names(people.procedure, action))


def _may_act(people: People, action: Action, actor: str) -> bool:
    try:
        _authorize(people, action, actor)
    except Refusal:
        return False
    return True


def _needs_code(people: People, action: Action, actor: str) -> bool:
    """Whether who acts has to prove it by a code. Raises Refusal for somebody who may not act."""
    person = people.procedure.people.get(_authorize(people, action, actor).name)
    return person is not None and person.proof is not None


def _describe_move(people: People, move: Move) -> object:
    title = move.action.title or move.action.name
    if move.to is None or move.to == people.case.step:
        return title
    return say("{action} → {step}", action=title, step=step_title(people.procedure, move.to))
