"""Find safeguards that the new version of a procedure drops or weakens, line by line.

Runs do not show most of them: who is told, how long somebody may wait, whose word needs a proof. Moves are compared
with what they became by ``was``; one that was removed is a change of behaviour and not reported here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from fujin_cli.core.cases.actors import definition_of
from fujin_cli.core.cases.transition import Branch, branch_of, opening_branch
from fujin_cli.core.findings.finding import Place, Route
from fujin_cli.core.model.ids import RuleName
from fujin_cli.core.model.operators import order_key
from fujin_cli.core.model.performers import list_performers
from fujin_cli.core.model.procedure import Action, Person, Procedure, Step
from fujin_cli.core.model.rung_types import Rung
from fujin_cli.core.versions.actor_changes import ActorChanges
from fujin_cli.core.versions.old_guarantees import setting_profiles
from fujin_cli.core.versions.renames import NO_CHILDREN, Renames, find_renames

WeakeningKind = Literal[
    "told", "raised", "together", "limit", "spaced", "window", "within", "at_least", "at_most", "counts", "proof", "not"
]
Told = tuple[str, str]  # whom, and the kind of message


@dataclass(frozen=True, slots=True)
class Weakening:
    """Hold one safeguard that is weaker now. ``rule`` is that of the old action or rung that it belongs to, if any.

    ``name`` is whom or what it is about, ``detail`` what of that: the kind of message, or an outcome's mark. ``before``
    and ``after`` are values as the files have them; ``after`` is None where the safeguard is gone.
    """

    kind: WeakeningKind
    name: str
    detail: str = ""
    rule: str = ""
    before: str | None = None
    after: str | None = None
    old_place: Place | None = None
    new_place: Place | None = None


def find_weakened_safeguards(
    old: Procedure, new: Procedure, children: Mapping[str, Procedure] = NO_CHILDREN
) -> list[Weakening]:
    """List the safeguards of the old version that the new one drops or weakens, each once."""
    comparison = _SafeguardComparison(old, new, find_renames(old, new, children))
    weakenings = [
        *comparison.list_dropped_notifications(),
        *comparison.list_weaker_bounds(),
        *comparison.list_dropped_marks(),
        *comparison.list_unproved_performers(),
        *comparison.list_dropped_exclusions(),
    ]
    unique: dict[object, Weakening] = {}
    for weakening in weakenings:
        place = weakening.old_place
        unique.setdefault((weakening.kind, weakening.name, weakening.detail, place), weakening)
    return list(unique.values())


class _SafeguardComparison:
    def __init__(self, old: Procedure, new: Procedure, renames: Renames) -> None:
        self.old, self.new, self.renames = old, new, renames
        self._new_moves: dict[str, Action | Rung] = {move.rule: move for move in new.all_moves()}
        self.moves = [
            (move, successor)
            for move in old.all_moves()
            if (successor := self._new_moves.get(renames.new_move_rule(move.rule))) is not None
        ]
        self._profiles = list(zip(setting_profiles(old), setting_profiles(new), strict=True))

    def _place(self, route: Route, old: bool = True) -> Place:
        return Place(self.old.path if old else self.new.path, route)

    # who is told

    def list_dropped_notifications(self) -> Iterator[Weakening]:
        """List the people who are told less: of a move, of an arrival, of a deadline, or beside the first contact."""
        yield from self._compare_told(None, opening_branch(self.old), opening_branch(self.new))
        yield from self._compare_handed_out()
        for move, successor in self.moves:
            for overflow in (False, True) if move.then and successor.then else (False,):
                before, after = branch_of(self.old, move, overflow), branch_of(self.new, successor, overflow)
                yield from self._compare_told(move, before, after, self._told_by_ladder(move))
        yield from self._list_dropped_rungs()
        for person, later in self._list_people():
            if person.also and not later.also:
                place, now = self._place((*person.route, "with")), self._place(later.route, old=False)
                yield Weakening("together", person.name, person.also, old_place=place, new_place=now)

    def _compare_told(
        self, move: Action | Rung | None, before: Branch, after: Branch, otherwise: frozenset[Told] = frozenset()
    ) -> Iterator[Weakening]:
        """Compare whom two branches tell; what arriving tells only where they lead to the same step."""
        told = _told_in(after) | otherwise
        same_target = before.target is None or self.renames.new_step_name(before.target) == after.target
        own = before.parts if move is None else before.parts[:1]
        for effects in before.parts if same_target else own:
            rule = move.rule if move is not None and effects is before.parts[0] else ""
            name = rule or before.target or ""
            for tell in effects.tells:
                if self._in_new_names(tell.to, tell.kind) not in told:
                    yield Weakening("told", tell.to, tell.kind, name, old_place=self._place(tell.route))
            for notice in effects.publish:
                if ("", notice) not in told:
                    route = move.route if move and rule else self.old.steps[before.target or self.old.first_step].route
                    yield Weakening("told", "", notice, name, old_place=self._place((*route, "publish")))

    def _in_new_names(self, person: str, kind: str) -> Told:
        return self.renames.people.get(person, person), self.renames.fields.get(kind, kind)

    def _compare_handed_out(self) -> Iterator[Weakening]:
        """Compare what an opening hands out: the receipt, the code."""
        for person, kinds in self.old.gives.items():
            given = self.new.gives.get(self.renames.people.get(person, person), ())
            for kind in kinds:
                if kind not in given:
                    yield Weakening("told", person, kind, old_place=self._place(("opened", "gives", person)))

    def _told_by_ladder(self, move: Action | Rung) -> frozenset[Told]:
        """Whom other rungs of the same kind tell at the step that a rung's step became."""
        step = self.new.steps.get(self.renames.new_step_name(RuleName(move.rule).step))
        if step is None or not isinstance(move, Rung):
            return frozenset()
        return frozenset(
            told
            for rung in step.ladder
            if rung.when == move.when
            for told in _told_in(branch_of(self.new, rung, False))
        )

    def _list_dropped_rungs(self) -> Iterator[Weakening]:
        """List whom the rungs told, or to whom they raised a case, that the new version does not have."""
        matched = {move.rule: successor for move, successor in self.moves}
        for step in self._list_common_steps():
            raised = {rung.raises for rung in self.new.steps[self.renames.new_step_name(step.name)].ladder}
            for rung in step.ladder:
                if rung.raises and rung.raises not in raised:
                    place = self._place((*rung.route, "raise"))
                    yield Weakening("raised", rung.raises, rule=rung.rule, old_place=place)
                if rung.rule not in matched:
                    told, nobody = self._told_by_ladder(rung), Branch(None, False, ())
                    yield from self._compare_told(rung, branch_of(self.old, rung, False), nobody, told)

    def _list_common_steps(self) -> Iterator[Step]:
        yield from (step for step in self.old.steps.values() if self.renames.new_step_name(step.name) in self.new.steps)

    def _list_people(self) -> Iterator[tuple[Person, Person]]:
        for name, person in self.old.people.items():
            successor = self.new.people.get(self.renames.people.get(name, name))
            if successor is not None:
                yield person, successor

    # how often, how soon and how late

    def list_weaker_bounds(self) -> Iterator[Weakening]:
        """List limits, distances, windows and conditions on inputs that are gone, or allow more."""
        for move, successor in self.moves:
            yield from self._compare_bound("limit", "count", move, successor, move.limit, successor.limit, _is_more)
            if isinstance(move, Action) and isinstance(successor, Action):
                spaced = move.spaced, successor.spaced
                yield from self._compare_bound("spaced", "duration", move, successor, *spaced, _is_less)
                window = move.window, successor.window
                yield from self._compare_bound("window", "duration", move, successor, *window, _is_more)
                yield from self._compare_inputs(move, successor)

    def _compare_inputs(self, move: Action, successor: Action) -> Iterator[Weakening]:
        after = {input.field: dict(input.conditions) for input in successor.inputs}
        for input in move.inputs:
            name = self.renames.fields.get(input.field, input.field)
            for verb, bound in input.conditions if name in after else ():
                if verb == "not" and verb not in after[name]:
                    place = self._place((*move.route, "needs", input.field))
                    yield Weakening("not", input.field, bound, move.rule, bound, old_place=place)
                if verb not in ("within", "at_least", "at_most"):
                    continue
                field = self.old.fields.get(input.field)
                kind = "duration" if verb == "within" else field.item_type if field and not field.is_list else "count"
                is_weaker = _is_less if verb == "at_least" else _is_more
                bounds = bound, after[name].get(verb)
                yield from self._compare_bound(verb, kind, move, successor, *bounds, is_weaker, input.field)  # type: ignore[arg-type]

    def _compare_bound(
        self,
        kind: WeakeningKind,
        type_name: str,
        move: Action | Rung,
        successor: Action | Rung,
        before: str | None,
        after: str | None,
        is_weaker: Callable[[str, str, str], bool],
        name: str = "",
    ) -> Iterator[Weakening]:
        """Compare one bound at the defaults of the settings that stand for it, and at the extreme that allows most."""
        if before is None:
            return
        key = {"window": "within"}.get(kind, kind)
        routes = (*move.route, *(("needs", name) if name else (key,))), (*successor.route, key)
        places = self._place(routes[0]), self._place(routes[1] if after else successor.route, old=False)
        if after is None:
            yield Weakening(kind, name, "", move.rule, _value_at(self._profiles[0][0], before), None, *places)
            return
        default, low, high = self._profiles
        for old_values, new_values in (default, high if is_weaker is _is_more else low):
            values = _value_at(old_values, before), _value_at(new_values, after)
            if is_weaker(type_name, values[1], values[0]):
                yield Weakening(kind, name, "", move.rule, *values, *places)
                return

    # what an end counts for

    def list_dropped_marks(self) -> Iterator[Weakening]:
        """List what ends no longer count as."""
        for step in self._list_common_steps():
            successor = self.new.steps[self.renames.new_step_name(step.name)]
            for mark in step.counts_as if successor.end is not None else ():
                if mark not in successor.counts_as:
                    places = self._place((*step.route, "counts_as")), self._place(successor.route, old=False)
                    yield Weakening("counts", step.name, mark, old_place=places[0], new_place=places[1])

    # who may act

    def list_unproved_performers(self) -> Iterator[Weakening]:
        """List who may newly do an act that needed a proof: all but the same contact with the same proof."""
        actors = ActorChanges(self.old, self.new, self.renames)
        for move, successor in self.moves:
            if not isinstance(move, Action) or not isinstance(successor, Action) or not move.by:
                continue
            proved = [name for name in move.by if self._needs_proof(name)]
            needed = len(proved) == len(move.by)
            before = {self.renames.people.get(name, name) for name in proved}
            for name in actors.find_gained_actors(move.by, successor.by):
                if needed or name in before:
                    places = self._place((*move.route, "by")), self._place((*successor.route, "by"), old=False)
                    yield Weakening("proof", name, "", move.rule, old_place=places[0], new_place=places[1])
            raised = [who for who in list_performers(self.new, successor) if who.how == "raised"] if needed else []
            for who in raised:
                places = self._place((*move.route, "by")), self._place(who.route, old=False)
                yield Weakening("proof", who.name, "raised", move.rule, old_place=places[0], new_place=places[1])

    def _needs_proof(self, name: str) -> bool:
        person = self.old.people.get(name)
        return person is not None and person.kind == "contact" and bool(person.proof)

    def list_dropped_exclusions(self) -> Iterator[Weakening]:
        """List whom a name of the procedure no longer excludes."""
        for person, successor in self._list_people():
            barred = {definition_of(excluded) for excluded in successor.excluded}
            for excluded in person.excluded:
                if self._new_definition(excluded) not in barred:
                    place, now = self._place((*person.route, "not")), self._place(successor.route, old=False)
                    yield Weakening("not", person.name, excluded.value, old_place=place, new_place=now)

    def _new_definition(self, person: Person) -> tuple[str, str, str | None]:
        names = self.renames.people if person.kind == "name" else self.renames.fields
        return person.kind, names.get(person.value, person.value), person.of


def _told_in(branch: Branch) -> frozenset[Told]:
    """Whom a branch tells; what it publishes is told to nobody in particular."""
    told = {(tell.to, tell.kind) for part in branch.parts for tell in part.tells}
    return frozenset(told | {("", name) for part in branch.parts for name in part.publish})


def _value_at(values: Mapping[str, str], text: str) -> str:
    return values.get(text, text)


def _is_more(type_name: str, value: str, bound: str) -> bool:
    return bool(_order_of(type_name, value) > _order_of(type_name, bound))


def _is_less(type_name: str, value: str, bound: str) -> bool:
    return bool(_order_of(type_name, value) < _order_of(type_name, bound))


def _order_of(type_name: str, text: str) -> Any:
    """Give a key to compare by; texts that are no values of the type compare equal."""
    try:
        return order_key(type_name, text)
    except (ValueError, ArithmeticError):
        return 0
