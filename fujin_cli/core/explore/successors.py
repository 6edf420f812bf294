"""List what can happen to an abstract case: the moves of ``core/cases/moves``, and everything that time allows.

Events that change nothing and are no moves (a notification delivered, a wrong code, a new code, the end of a pause) are
left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from typing import Any

from fujin_cli.core.cases.moves import actions_at, find_obstacle, is_kept_from_end
from fujin_cli.core.cases.transition import Branch, branches_of, opening_branch
from fujin_cli.core.explore.apply import MoveEffects, Successor
from fujin_cli.core.explore.domains import NO_VALUE, is_valid_input
from fujin_cli.core.explore.environment import OtherCases
from fujin_cli.core.explore.guards import AbstractSituation, Guards
from fujin_cli.core.explore.input_choices import InputChoices, build_input_choices, list_watched_amendments
from fujin_cli.core.explore.labelling import AtomMarks, WatchedAtoms
from fujin_cli.core.explore.ladder_order import add_fired_rung, list_open_rungs
from fujin_cli.core.explore.state import Abstraction, Label, State
from fujin_cli.core.explore.transitions import EdgeTemplate, build_branch_template, build_move_template
from fujin_cli.core.explore.value_classes import MOST_CLASSES, TooManyClasses, ValueClasses
from fujin_cli.core.model.procedure import Action, Input, Step
from fujin_cli.core.model.rung_types import Rung

ActionBranches = tuple[Action, list[tuple[Branch, EdgeTemplate]]]


class Model:
    """Model the abstract cases of one procedure under one choice of settings.

    ``merging``: values that nothing tells apart are merged (``value_classes``), and inputs are listed by class.
    """

    def __init__(
        self, shape: Abstraction, watch: WatchedAtoms, brought: frozenset[str] = frozenset(), merging: bool = False
    ) -> None:
        self.shape = shape
        self.classes = ValueClasses(shape, watch.atoms, watch.find_reading(brought)) if merging else None
        self.brought = brought
        self.version = shape.procedure
        self.guards = Guards(shape)
        self.places = self.guards.places
        self.watch = watch
        self.marks = AtomMarks(watch, self.guards)
        self.effects = MoveEffects(shape, self.marks, self.places, brought, self.classes)
        self.other_cases = OtherCases(self.effects)
        self._opening = build_branch_template({"kind": "opened", "name": "opened"}, opening_branch(self.version))
        self._rungs: dict[tuple[int, int, bool, bool], list[tuple[EdgeTemplate, int]]] = {}
        self._choices: dict[str, list[tuple[frozenset[str], InputChoices]]] = {}
        self._actions: dict[tuple[str, str], list[ActionBranches]] = {}
        self._rung_branches: dict[str, list[tuple[Branch, list[EdgeTemplate]]]] = {}
        self.label = cache(Label)

    # the beginning

    def list_openings(self, options: Sequence[Sequence[int]]) -> Iterator[Successor]:
        """List every case as it may begin; ``options`` are the values that each remembered field may have."""
        step = self.version.steps[self.version.first_step]
        empty = State(
            self.effects.step_places[step.name],
            0,
            False,
            (),
            tuple(group.empty_counts for group in self.shape.groups),
            (0,) * len(self.shape.counted),
            0,
        )
        if self.classes is not None:
            values_before = empty._replace(values=(NO_VALUE,) * len(options))
            for _, (label, entered, state, marks) in self.effects.apply_all_inputs(
                values_before, dict(enumerate(options)), self._opening, frozenset()
            ):
                yield label, tuple(item for item in entered if item[1] is not None), state, marks
            return
        for values in product(*options):
            for label, entered, state, marks in self.effects.apply_move(
                empty._replace(values=values), {}, self._opening
            ):
                yield label, entered + self._name_values(values), state, marks

    def _name_values(self, values: Sequence[int]) -> tuple[tuple[str, Any], ...]:
        named = zip(self.shape.domains, values, strict=True)
        return tuple((own.field.name, own.values[value]) for own, value in named if value != NO_VALUE)

    # what follows

    def list_successors(self, state: State) -> list[Successor]:
        """List everything that can happen next."""
        step = self.version.steps[self.shape.steps[state.step]]
        following: list[Successor] = []
        if step.end is None and self._add_automatic_moves(state, following):
            for place, group in enumerate(self.shape.groups):
                if group.instant:
                    following += self.other_cases.list_child_endings(state, place)
            following += self.other_cases.list_joined_case_endings(state)
            return following
        situation = AbstractSituation(self.guards, state)
        for action, branches in self._list_branches(step, "action"):
            for branch, template in branches:
                if find_obstacle(self.version, step, action, branch, situation) is None:
                    following += self._apply_any_input(state, template)
        if not step.end:
            following += self._list_time_successors(state)
            following += self.other_cases.list_joined_case_endings(state)
        following += self.other_cases.list_joinings(state)
        for place in range(len(self.shape.groups)):
            following += self.other_cases.list_child_endings(state, place)
            if not step.end:
                following += self.other_cases.list_child_reopenings(state, place)
        return following

    def count_work(self) -> int:
        """Count the classes of values that were looked at since the last time."""
        if self.classes is None:
            return 0
        work, self.classes.work = self.classes.work, 0
        return work // 2  # that many take as long as an edge

    def must_move_at_once(self, state: State) -> bool:
        """Whether an automatic move happens at once, whatever limits are used up."""
        return self.version.steps[self.shape.steps[state.step]].end is None and self._add_automatic_moves(state, [])

    def _add_automatic_moves(self, state: State, following: list[Successor]) -> bool:
        """Add the automatic moves that may happen; True where one of them happens whatever limits are used up."""
        step = self.version.steps[self.shape.steps[state.step]]
        if not step.then:
            return False
        situation = AbstractSituation(self.guards, state)
        for action, branches in self._list_branches(step, "move"):
            certain = action.limit is None or action.then is not None
            for branch, template in branches:
                if find_obstacle(self.version, step, action, branch, situation) is None:
                    following += self._apply_any_input(state, template)
                else:
                    certain = False
            if certain:
                return True
        return False

    def _list_branches(self, step: Step, kind: str) -> list[ActionBranches]:
        """List the actions of people at a step, or its automatic moves, with their branches; built once.

        Any branch may be open: how often limited moves were made is counted by ``feasible_paths``, not in states.
        """
        key = (step.name, kind)
        if key not in self._actions:
            actions = step.then if kind == "move" else actions_at(self.version, step, ended=step.end is not None)
            self._actions[key] = [
                (
                    action,
                    [
                        (branch, build_move_template(action, kind, branch, amends=amends, choices=choices))
                        for branch in branches_of(self.version, action)
                        for amends, choices in self._list_choices(action)
                    ],
                )
                for action in actions
            ]
        return self._actions[key]

    def _list_choices(self, action: Action) -> list[tuple[frozenset[str], InputChoices]]:
        """List what may be entered with an action, apart for each choice of watched fields that it amends."""
        if action.rule not in self._choices:
            watched = self.watch.amended
            self._choices[action.rule] = [
                (amends, build_input_choices(self.shape, self.places, action, amends, watched))
                for amends in list_watched_amendments(action, watched)
            ]
        return self._choices[action.rule]

    def _apply_any_input(self, state: State, template: EdgeTemplate) -> Iterator[Successor]:
        """List the states after an action or automatic move with any input that it takes."""
        choices = template.choices
        if not choices.options and not template.adds:
            yield from self.effects.apply_move(state, {}, template)
            return
        if self.classes is None:
            if choices.count() > MOST_CLASSES:
                raise TooManyClasses
            for inputs in choices.list_all():
                if self._are_valid_in_state(choices.list_checked(inputs), inputs, state):
                    yield from self.effects.apply_move(state, inputs, template)
            return
        for inputs, successor in self.effects.apply_all_inputs(state, choices.options, template, choices.compared):
            if self._are_valid_in_state(choices.list_checked(inputs), inputs, state):
                yield successor

    def _are_valid_in_state(self, checked: Sequence[Input], inputs: Mapping[int, int], state: State) -> bool:
        if not checked:
            return True
        values = [inputs.get(place, value) for place, value in enumerate(state.values)]
        return all(self._is_valid_in_state(input, self.places[input.field], values) for input in checked)

    def _is_valid_in_state(self, input: Input, place: int, values: Sequence[int]) -> bool:
        def value_of(name: str) -> Any:
            other_place = self.places.get(name)
            return None if other_place is None else self.shape.domains[other_place].values[values[other_place]]

        own = self.shape.domains[place]
        return is_valid_input(own.field, own.values[values[place]], input, self.shape.settings, value_of)

    # time

    def _list_time_successors(self, state: State) -> Iterator[Successor]:
        step = self.version.steps[self.shape.steps[state.step]]
        until = step.lasts.until if step.lasts else None
        if not (step.within or step.lasts) or (until and state.values[self.places[until]] == NO_VALUE):
            return
        if step.lasts and not state.time_up:
            label = self.label("time-up", "time up", step=step.name, route=(*step.route, "lasts"))
            yield self.effects.finish_successor(label, (), state._replace(time_up=True))
        for template, fired in self._list_rung_templates(step, state):
            yield from self.effects.apply_move(
                state if fired == state.fired else state._replace(fired=fired), {}, template
            )

    def _list_rung_templates(self, step: Step, state: State) -> list[tuple[EdgeTemplate, int]]:
        """List the templates of the rungs that may happen next, each with the rungs that have happened then."""
        key = (state.step, state.fired, state.time_up, self.shape.has_open_own_child(state))
        if key in self._rungs:
            return self._rungs[key]
        open_rungs = self._rungs[key] = []
        visible = self.watch.visible_rungs[step.name]
        situation, hours = AbstractSituation(self.guards, state), self.shape.office_hours
        for rung in list_open_rungs(step, visible, state, lambda rung: self._can_be_held_back(rung, situation), hours):
            for branch, templates in self._branches_of_rung(rung):
                if not is_kept_from_end(self.version, branch, situation):
                    fired = (
                        add_fired_rung(step, visible, rung, state.fired, hours)
                        if branch.target is None
                        else state.fired
                    )
                    open_rungs += [(template, fired) for template in templates]
        return open_rungs

    def _branches_of_rung(self, rung: Rung) -> list[tuple[Branch, list[EdgeTemplate]]]:
        """List the branches of a rung; a reminder may be sent in time or too late to be sent."""
        if rung.rule not in self._rung_branches:
            branches = self._rung_branches[rung.rule] = []
            for branch in branches_of(self.version, rung):
                told_or_not = (True, False) if rung.is_reminder and branch.parts[0].tells else (True,)
                branches.append((branch, [build_move_template(rung, "rung", branch, told) for told in told_or_not]))
        return self._rung_branches[rung.rule]

    def _can_be_held_back(self, rung: Rung, situation: AbstractSituation) -> bool:
        """Whether open children may keep the rung from happening now."""
        return any(is_kept_from_end(self.version, branch, situation) for branch, _ in self._branches_of_rung(rung))
