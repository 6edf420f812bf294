"""The order of keys in each kind of file, as docs/decisions/notes/0003-files-and-language.md lists them.

Only keys of the language have an order. Names that people gave (steps, actions, people, fields …) and lists keep
theirs: the first step is where a case starts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Order:
    """How the keys of one mapping are ordered (empty: as they stand), and the orders of what is inside.

    ``each`` is for all values of a mapping of names, and for all items of a list. A list where one mapping could stand
    as well (atoms) is a list of such mappings.
    """

    keys: tuple[str, ...] = ()
    inside: Mapping[str, Order] = field(default_factory=dict)
    each: Order | None = None

    def under(self, key: str | int) -> Order:
        """The order of what stands at ``key`` of a mapping, or at that place of a list."""
        if isinstance(key, int):
            return self.each or self
        return self.inside.get(key) or self.each or AS_WRITTEN

    def arranged(self, keys: list[str]) -> list[str]:
        """``keys`` in this order; unknown ones stay in theirs, behind the known ones."""
        place = {key: at for at, key in enumerate(self.keys)}
        return sorted(keys, key=lambda key: place.get(key, len(place))) if place else keys


AS_WRITTEN = Order()


def _keys(words: str, **inside: Order) -> Order:
    """``in_`` stands for ``in``, which is a word of Python."""
    return Order(tuple(words.split()), {name.removesuffix("_"): order for name, order in inside.items()})


def _each(order: Order) -> Order:
    return Order(each=order)


# Conditions (`when`, `where`, `needs`, `may`) are read in the order in which they are written.
_ATOM = _keys("action enter end overdue tells opens answered publish time_up collected does did where")
_OPENS = _each(_keys("procedure one_each to give bring instead_of leaves"))
_DOES = _each(_keys("join part"))
_EFFECTS: dict[str, Order] = {"opens": _OPENS, "does": _DOES}
_THEN = _keys("to tell publish")
_ACTION = _keys(
    "title was in except within to by when needs may adds sets stops_clock_until limit then spaced leaves "
    "does opens publish tell",
    then=_THEN,
    **_EFFECTS,
)
_MOVE = _keys("title when to limit then sets does opens publish tell", then=_THEN, **_EFFECTS)
_RUNG = _keys("before at after raise to limit then sets does opens publish tell", then=_THEN, **_EFFECTS)
_STEP = _keys(
    "title was owner within lasts on_enter gathers collect ladder actions then end counts_as reopen",
    lasts=_keys("until less"),
    on_enter=_keys("sets does opens publish tell", **_EFFECTS),
    ladder=_each(_RUNG),
    actions=_each(_ACTION),
    then=_each(_MOVE),
    reopen=_ACTION,
)
_GUARANTEE_KEYS = (
    "title if after after_each before before_each also eventually never next not_next require previous "
    "at_least at_most exactly first last one_of exactly_one_of both_or_neither never_both always_together "
    "different_people quorum times since within except"
)
_GUARANTEE = Order(
    tuple(_GUARANTEE_KEYS.split()),
    {key: _ATOM for key in _GUARANTEE_KEYS.split() if key not in ("title", "times", "within", "quorum")},
)
_FIELD = _keys("title was type of at_least at_most after default required optional computed public")
_WHO_KEYS = (
    "title was role seat members partner person contact whoever anyone those_who groups of proof with not through"
)
# People may be said in place, inside `not` and `groups`, and so on downwards: three levels are more than anybody reads.
_WHO = Order(tuple(_WHO_KEYS.split()))
for _ in range(3):
    _WHO = Order(_WHO.keys, {"not": _each(_WHO), "groups": _each(_WHO)})
_CLOCK = _keys("title from until within promised", from_=_ATOM, until=_ATOM)

_PROCEDURE = _keys(
    "procedure title case_of opened settings people fields forms clocks steps anytime guarantees note",
    opened=_keys("by from every one_each gives"),
    settings=_each(_keys("title was type default from up_to")),
    people=_each(_WHO),
    fields=_each(_FIELD),
    forms=_each(_each(_FIELD)),
    clocks=_each(_CLOCK),
    steps=_each(_STEP),
    anytime=_each(_ACTION),
    guarantees=_each(_GUARANTEE),
)
_PERSON = _keys(
    "person name seat roles group born education licences term",
    term=_keys("from until"),
)
_LINE = _each(_keys("as set without code note ends"))  # what happens, by its name
_SCENARIO = _keys(
    "scenario title procedure community committee at given when then note",
    given=_keys("as channel settings set"),
    when=_each(_LINE),
    then=_keys(
        "step not_at outcome counts_as refused action where told just_told not_told published open closed due overdue "
        "stuck",
        action=_LINE,
    ),
)
ORDERS: Mapping[str, Order] = {
    "workspace": _keys(
        "workspace title languages zone rehearsal office_hours calendar actors note",
        calendar=_keys("country years", years=_each(_keys("holidays workdays"))),
    ),
    "jurisdiction": _keys(
        "jurisdiction title levels roles traits groups streets communities grids venues boards settings note",
        roles=_each(_keys("title at")),
        communities=_each(_keys("title street households floor_area traits")),
        grids=_each(_keys("community codes")),
        venues=_each(_keys("title community area shared_with hours")),
        boards=_each(_keys("title community")),
    ),
    "menu": _keys(
        "menu topics kinds note",
        kinds=_each(_keys("title seats answers called_for_by needs_skills", seats=_keys("from up_to one_per"))),
    ),
    "partners": _keys("partners note", partners=_each(_keys("title sort serves can contact"))),
    "committee": _keys(
        "committee kind community title founded seats meets procedures settings note",
        founded=_keys("on by_case"),
        seats=_keys("head member"),
        meets=_keys("where every at"),
    ),
    "roster": _keys("roster members staff note", members=_each(_PERSON), staff=_each(_PERSON)),
    "scenario": _SCENARIO,
    "migration": _keys("migration procedure from to map deadlines reason approver note"),
    "procedure": _PROCEDURE,
}


def order_of(kind: str) -> Order:
    """The order of a kind of file; of a kind that nobody knows everything stays as it is."""
    return ORDERS.get(kind, AS_WRITTEN)


def arranged(tree: Any, order: Order) -> Any:
    """The plain tree with its keys in ``order``."""
    if isinstance(tree, dict):
        return {key: arranged(tree[key], order.under(key)) for key in order.arranged(list(tree))}
    if isinstance(tree, list):
        return [arranged(item, order.under(at)) for at, item in enumerate(tree)]
    return tree
