"""From a plain tree to a compiled procedure: every short form of the language, written out."""

from __future__ import annotations

from typing import Any

import pytest

from fujin_cli.core.cases.event import compute_digest
from fujin_cli.core.model.compile_conditions import Conditions, read_names
from fujin_cli.core.model.compile_procedure import compile_procedure
from fujin_cli.core.model.guarantee_templates import PARTNERS
from fujin_cli.core.model.procedure import Action, Guarantee, Lasts, Person, Procedure, Step
from fujin_cli.core.model.rung_types import Rung
from tests.support.yaml_trees import city, tree_of


def version(text: str) -> Procedure:
    return compile_procedure({"procedure": "loop", **tree_of(text)}, "loop.yaml")


def action(text: str) -> Action:
    return version(f"steps: {{one: {{actions: {{go: {text}}}}}}}").steps["one"].actions["go"]


def person(text: str) -> Person:
    return version(f"people: {{who: {text}}}").people["who"]


def step(text: str) -> Step:
    return version(f"steps: {{one: {text}}}").steps["one"]


def rung(text: str) -> Rung:
    return step(f"{{ladder: [{text}]}}").ladder[0]


def guarantee(text: str) -> Guarantee:
    return version(f"guarantees: {{it: {text}}}").guarantees["it"]


def shape(value: Any) -> Any:
    """Tests of a condition without their routes."""
    return [[(test.kind, test.name, test.verb, test.values) for test in tests] for tests in value.alternatives]


def test_an_almost_empty_procedure() -> None:
    empty = version("steps: {one: {}}")
    assert (empty.name, empty.title, empty.case_of, empty.path) == ("loop", None, "community", "loop.yaml")
    assert (empty.opened_by, empty.channels, empty.gives) == ((), (), {})
    assert empty.first_step == "one"
    assert empty.steps["one"].ladder == ()
    assert empty.openings_by_group() == {}


def test_the_head_of_a_procedure() -> None:
    full = version("""
        title: {zh: 环, en: Loop}
        case_of: committee
        opened: {by: clerk, from: [visit, phone], gives: {reporter: receipt}}
        settings: {tries: {type: count, default: 3, from: 1, up_to: 5}, share: {type: share}}
        """)
    assert full.title == {"zh": "环", "en": "Loop"}
    assert (full.case_of, full.opened_by, full.channels) == ("committee", ("clerk",), ("visit", "phone"))
    assert full.gives == {"reporter": ("receipt",)}
    tries, share = full.settings.values()
    assert (tries.type, tries.default, tries.low, tries.high, tries.route) == (
        "count",
        "3",
        "1",
        "5",
        ("settings", "tries"),
    )
    assert (share.default, share.low, share.high) == ("", None, None)


def test_the_digest_is_that_of_the_tree() -> None:
    tree = tree_of("procedure: loop\nsteps: {one: {}}")
    assert compile_procedure(tree).digest == compute_digest(tree)
    assert compile_procedure(tree).digest != compile_procedure({**tree, "title": "x"}).digest


# people


@pytest.mark.parametrize(
    ("text", "kind", "value", "of"),
    [
        ("{role: clerk, of: street}", "role", "clerk", "street"),
        ("{seat: head, of: committee}", "seat", "head", "committee"),
        ("{members: committee}", "members", "committee", None),
        ("{partner: lead}", "partner", "lead", None),
        ("{person: judge}", "person", "judge", None),
        ("{contact: tel}", "contact", "tel", None),
        ("{whoever: opened}", "whoever", "opened", None),
        ("{whoever: {in: against}}", "whoever", "in", "against"),
        ("{anyone: resident}", "anyone", "resident", None),
        ("{those_who: {sheets: in}}", "those_who", "sheets", "in"),
        ("{groups: {a: {role: x, of: city}}}", "groups", "", None),
        ("{title: nobody}", "", "", None),
    ],
)
def test_people(text: str, kind: str, value: str, of: str | None) -> None:
    who = person(text)
    assert (who.kind, who.value, who.of) == (kind, value, of)
    assert who.route == ("people", "who")


def test_more_about_people() -> None:
    who = person(
        "{contact: tel, proof: receipt, with: others, through: clerk, not: [a, {role: b, of: city}], title: T}"
    )
    assert (who.proof, who.also, who.through, who.title) == ("receipt", "others", ("clerk",), "T")
    name, role = who.excluded
    assert (name.kind, name.name, name.value) == ("name", "a", "a")
    assert (role.kind, role.value, role.of) == ("role", "b", "city")
    assert role.route == ("people", "who", "not", 1)
    assert [one.value for one in person("{role: a, not: b}").excluded] == ["b"]
    [part] = person("{groups: {a: {role: x, of: city}}}").groups
    assert (part.name, part.kind, part.route) == ("a", "role", ("people", "who", "groups", "a"))


# fields


def test_fields() -> None:
    compiled = version("""
        fields:
          a: {type: list, of: [row], required: yes, public: yes, at_least: 1, at_most: 3, title: A}
          b: {type: date, computed: true, after: a, public: preview, default: 2026-01-01}
          c: {type: choice, of: [x, y], public: true, optional: yes}
        forms: {row: {to: {type: partner, required: yes}}}
        """)
    a, b, c = compiled.fields.values()
    assert (a.is_list, a.item_type, a.required, a.public, a.at_least, a.at_most) == (True, "row", True, "yes", "1", "3")
    assert (b.is_list, b.item_type, b.computed, b.after, b.public, b.default) == (
        False,
        "date",
        True,
        "a",
        "preview",
        "2026-01-01",
    )
    assert (c.of, c.item_type, c.public, c.required) == (("x", "y"), "choice", "yes", False)
    assert version("fields: {a: {type: text}}").fields["a"].public == "no"
    assert compiled.forms["row"]["to"].route == ("forms", "row", "to")


# steps


@pytest.mark.parametrize(
    ("text", "lasts"),
    [
        ("{lasts: 5 days}", Lasts("5 days")),
        ("{lasts: {until: meets_at}}", Lasts(None, "meets_at")),
        ("{lasts: {until: meets_at, less: 1 day}}", Lasts(None, "meets_at", "1 day")),
        ("{within: 5 days}", None),
    ],
)
def test_lasts(text: str, lasts: Lasts | None) -> None:
    assert step(text).lasts == lasts


def test_steps() -> None:
    one = step("{title: T, owner: clerk, within: 1 day, on_enter: {publish: notice}}")
    assert (one.title, one.owner, one.within, one.end) == ("T", "clerk", "1 day", None)
    assert one.on_enter.publish == ("notice",)
    end = step(
        "{end: done, counts_as: answered, reopen: {within: 5 days, by: reporter, to: one, limit: 1, needs: [why]}}"
    )
    assert (end.end, end.counts_as) == ("done", ("answered",))
    assert end.reopen is not None
    assert (end.reopen.name, end.reopen.rule, end.reopen.window, end.reopen.limit) == (
        "reopen",
        "one.reopen",
        "5 days",
        "1",
    )


@pytest.mark.parametrize(
    ("text", "when", "by", "kind"),
    [
        ("{before: 1 day, tell: [clerk]}", "before", "1 day", "reminder"),
        ("{at: deadline, tell: clerk}", "at", None, "demand"),
        ("{after: 2 days, tell: [clerk]}", "after", "2 days", "overdue"),
        ("{tell: [clerk]}", "at", None, "demand"),
        ("{at: deadline, tell: {clerk: reason}}", "at", None, "reason"),
    ],
)
def test_rungs(text: str, when: str, by: str | None, kind: str) -> None:
    one = rung(text)
    assert (one.index, one.rule, one.when, one.by) == (0, "one.ladder.1", when, by)
    assert [(tell.to, tell.kind) for tell in one.effects.tells] == [("clerk", kind)]


def test_rungs_that_do_something() -> None:
    one = rung("{after: 1 day, raise: street, to: two, limit: 2, then: three, publish: notice}")
    assert (one.raises, one.to, one.limit) == ("street", "two", "2")
    assert one.then is not None
    assert one.then.to == "three"
    assert one.effects.publish == ("notice",)


# actions


def test_a_bare_action() -> None:
    one = action("")
    assert (one.name, one.rule, one.to, one.by, one.when, one.needs, one.may) == (
        "go",
        "one.go",
        None,
        (),
        None,
        (),
        (),
    )
    assert (one.limit, one.then, one.spaced, one.window) == (None, None, None, None)
    assert one.route == ("steps", "one", "actions", "go")


def test_names_are_one_or_a_list() -> None:
    assert read_names(None) == ()
    assert read_names("a") == ("a",)
    assert read_names(["a", "b", {"c": "d"}]) == ("a", "b")
    assert action("{by: clerk}").by == action("{by: [clerk]}").by == ("clerk",)
    assert action("{publish: notice}").effects.publish == ("notice",)


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        ("[reason, cost]", [("reason", ()), ("cost", ())]),
        ("reason", [("reason", ())]),
        ("{reason: given, other: open}", [("reason", ()), ("other", (("is", "open"),))]),
        ("{day: {within: 2 days, after: 1 day}}", [("day", (("within", "2 days"), ("after", "1 day")))]),
        ("{partners: {not: lead}}", [("partners", (("not", "lead"),))]),
        ("{reason: }", [("reason", ())]),
    ],
)
def test_inputs(text: str, inputs: list[Any]) -> None:
    assert [(entry.field, entry.conditions) for entry in action(f"{{needs: {text}}}").needs] == inputs
    assert [(entry.field, entry.conditions) for entry in action(f"{{may: {text}}}").may] == inputs


def test_messages() -> None:
    assert [(tell.to, tell.kind) for tell in action("{tell: [a, b]}").effects.tells] == [
        ("a", "progress"),
        ("b", "progress"),
    ]
    assert [(tell.to, tell.kind) for tell in action("{tell: {a: answer}}").effects.tells] == [("a", "answer")]


def test_limits() -> None:
    assert action("{limit: 2}").then is None
    short = action("{limit: 2, then: other}").then
    assert short is not None
    assert (short.to, short.effects.tells) == ("other", ())
    long = action("{limit: 2, then: {to: other, tell: [a], publish: notice}}").then
    assert long is not None
    assert (long.to, long.effects.publish, [tell.kind for tell in long.effects.tells]) == (
        "other",
        ("notice",),
        ["progress"],
    )
    nowhere = action("{limit: 2, then: {tell: [a]}}").then
    assert nowhere is not None
    assert nowhere.to == ""


def test_children() -> None:
    short = action("{opens: {orders: {procedure: order}}}").effects.opens[0]
    assert (short.group, short.procedure, short.one_each, short.to, short.give) == ("orders", "order", (), None, {})
    assert (short.bring, short.instead_of, short.leaves) == ((), (), False)
    long = action(
        """{opens: {orders: {procedure: order, one_each: lead, to: unit, give: {a: b}, bring: c,
            instead_of: ended, leaves: yes}}}"""
    )
    opens = long.effects.opens[0]
    assert (opens.one_each, opens.to, opens.give) == (("lead",), "unit", {"a": "b"})
    assert (opens.bring, opens.instead_of, opens.leaves) == (("c",), ("ended",), True)
    assert opens.route == ("steps", "one", "actions", "go", "opens", "orders")


def test_other_effects() -> None:
    effects = action("""
        {does: {joining: {join: other}, paying: {pay: {sum: x}}}, sets: {a: b, c: {share: d}}, adds: {e: actor}}
        """).effects
    assert [(does.name, does.verb, does.field) for does in effects.does] == [("joining", "join", "other")]
    assert effects.sets == {"a": "b"}  # computed values come later
    assert effects.adds == {"e": "actor"}


def test_anytime() -> None:
    note, pause = version("""
        anytime: {note: {by: a, except: [one]}, pause: {by: a, in: two, stops_clock_until: day, spaced: 1 day}}
        """).anytime.values()
    assert (note.rule, note.except_in, note.only_in, note.route) == ("anytime.note", ("one",), (), ("anytime", "note"))
    assert (pause.only_in, pause.stops_clock_until, pause.spaced) == (("two",), "day", "1 day")


def test_automatic_moves() -> None:
    first, second = step("{then: [{when: {time: up}, to: two}, {to: three, limit: 1, then: {to: four}}]}").then
    assert (first.name, first.rule, first.by) == ("then-1", "one.then.1", ())
    assert shape(first.when) == [[("time", "time", "is", ("up",))]]
    assert (second.name, second.rule, second.to, second.when) == ("then-2", "one.then.2", "three", None)
    assert second.then is not None
    assert second.then.to == "four"


# conditions


CONDITIONS = Conditions({"scope": "choice", "about": "case", "meeting": "text"}, {"orders", "meeting"})


@pytest.mark.parametrize(
    ("text", "tests"),
    [
        ("{scope: a}", [[("field", "scope", "is", ("a",))]]),
        ("{scope: [a, b]}", [[("field", "scope", "is", ("a", "b"))]]),
        ("{scope: given}", [[("field", "scope", "given", ())]]),
        ("{scope: missing}", [[("field", "scope", "missing", ())]]),
        ("{scope: {not: a}}", [[("field", "scope", "not", ("a",))]]),
        (
            "{scope: {at_least: 1, under: 3}}",
            [[("field", "scope", "at_least", ("1",)), ("field", "scope", "under", ("3",))]],
        ),
        ("{orders: {all: x}}", [[("group", "orders", "all", ("x",))]]),
        (
            "{orders: {none: open, any: [x, y]}}",
            [[("group", "orders", "none", ("open",)), ("group", "orders", "any", ("x", "y"))]],
        ),
        ("{meeting: {all: x}}", [[("field", "meeting", "all", ("x",))]]),  # a field's name wins
        ("{about: {all: ended}}", [[("case", "about", "all", ("ended",))]]),
        ("{about: given}", [[("field", "about", "given", ())]]),
        ("{time: up}", [[("time", "time", "is", ("up",))]]),
        ("{times: {try: {at_least: 3}}}", [[("times", "try", "at_least", ("3",))]]),
        ("{times: given}", [[("field", "times", "given", ())]]),
        ("[{scope: a}, {time: up}]", [[("field", "scope", "is", ("a",))], [("time", "time", "is", ("up",))]]),
        ("{scope: a, time: up}", [[("field", "scope", "is", ("a",)), ("time", "time", "is", ("up",))]]),
    ],
)
def test_conditions(text: str, tests: list[Any]) -> None:
    assert shape(CONDITIONS.compile_condition(tree_of(f"it: {text}")["it"], ())) == tests


def test_an_absent_condition_is_none() -> None:
    assert CONDITIONS.compile_condition(None, ()) is None
    assert CONDITIONS.compile_condition({}, ()) is None


def test_since() -> None:
    compiled = CONDITIONS.compile_condition(tree_of("times: {try: {at_least: 3, since: {enter: one}}}"), ("when",))
    assert compiled is not None
    [[test]] = compiled.alternatives
    assert test.since is not None
    assert (test.since.kind, test.since.name) == ("enter", "one")
    assert test.route == ("when", "times", "try", "at_least")


# atoms and guarantees


@pytest.mark.parametrize(
    ("text", "kind", "name", "detail"),
    [
        ("finish", "action", "finish", None),
        ("{action: finish}", "action", "finish", None),
        ("opened", "opened", "", None),
        ("publish", "publish", "", None),
        ("end", "end", "", None),
        ("{enter: any end}", "enter", "any end", None),
        ("{end: done}", "end", "done", None),
        ("{tells: a}", "tells", "a", None),
        ("{tells: {a: answer}}", "tells", "a", "answer"),
        ("{publish: notice}", "publish", "notice", None),
        ("{time_up: one}", "time_up", "one", None),
        ("{weather: rain}", "action", "", None),
    ],
)
def test_atoms(text: str, kind: str, name: str, detail: str | None) -> None:
    atom = CONDITIONS.compile_atom(tree_of(f"it: {text}")["it"], ())
    assert (atom.kind, atom.name, atom.detail) == (kind, name, detail)


def test_an_atom_with_a_condition() -> None:
    atom = CONDITIONS.compile_atom(tree_of("it: {enter: one, where: {scope: a}}")["it"], ("x",))
    assert atom.where is not None
    assert shape(atom.where) == [[("field", "scope", "is", ("a",))]]
    assert atom.route == ("x", "enter")


@pytest.mark.parametrize(
    ("text", "template", "atoms", "times"),
    [
        ("{eventually: a}", "eventually", {"eventually": ["a"]}, None),
        ("{at_least: {a: 2}}", "at_least", {"at_least": ["a"]}, "2"),
        ("{at_most: {enter: one}, times: 3}", "at_most", {"at_most": ["one"]}, "3"),
        ("{exactly: {a: 1}}", "exactly", {"exactly": ["a"]}, "1"),
        ("{one_of: [a, b]}", "one_of", {"one_of": ["a", "b"]}, None),
        ("{if: a, also: b}", "if", {"if": ["a"], "also": ["b"]}, None),
        ("{after: a, eventually: b}", "after", {"after": ["a"], "eventually": ["b"]}, None),
        ("{after_each: a, eventually: b}", "after_each", {"after_each": ["a"], "eventually": ["b"]}, None),
        ("{after: a, next: b}", "after", {"after": ["a"], "next": ["b"]}, None),
        (
            "{before: b, require: a, since: r, times: 2}",
            "before",
            {"before": ["b"], "require": ["a"], "since": ["r"]},
            "2",
        ),
        ("{before_each: b, require: a}", "before_each", {"before_each": ["b"], "require": ["a"]}, None),
        ("{different_people: [a, b]}", "different_people", {"different_people": ["a", "b"]}, None),
        ("{surely: a}", "", {}, None),
    ],
)
def test_guarantees(text: str, template: str, atoms: dict[str, list[str]], times: str | None) -> None:
    promise = guarantee(text)
    assert promise.template == template
    assert {key: [atom.name for atom in value] for key, value in promise.atoms.items()} == atoms
    assert promise.times == times
    assert promise.route == ("guarantees", "it")


def test_more_of_a_guarantee() -> None:
    promise = guarantee("{after: a, eventually: b, within: 2 days, except: {enter: c}, title: T}")
    assert (promise.within, promise.title) == ("2 days", "T")
    assert [atom.name for atom in promise.except_for] == ["c"]
    assert guarantee("{eventually: a}").except_for == ()


def test_every_template_of_the_design_is_known() -> None:
    assert {"eventually", "never", "first", "last", "exactly_one_of", "never_both", "always_together"} < set(PARTNERS)


def test_clocks() -> None:
    clock = version(
        "clocks: {whole: {from: opened, until: {enter: two}, within: 5 days, promised: yes, title: T}}"
    ).clocks["whole"]
    assert (clock.start.kind, clock.until.name, clock.within, clock.promised, clock.title) == (
        "opened",
        "two",
        "5 days",
        True,
        "T",
    )


# looking over a procedure


def test_all_actions_and_effects_of_the_shipped_request() -> None:
    request = city().procedures["resident-request"]
    found = {action.rule for _, action in request.all_actions()}
    assert {"reported.accept", "handling.then.1", "closed.reopen", "anytime.pause"} <= found
    steps = {action.rule: step.name if step else None for step, action in request.all_actions()}
    assert (steps["handling.then.1"], steps["anytime.pause"]) == ("handling", None)
    assert list(request.openings_by_group()) == ["orders", "meeting"]
    assert len(request.openings_by_group()["orders"]) == 5
    kinds = {tell.kind for effects in request.all_effects() for tell in effects.tells}
    assert {"accepted", "reminder", "demand", "reason"} <= kinds


def test_groups_in_otherwise_effects_are_found_too() -> None:
    compiled = version("""
        steps:
          one:
            on_enter: {opens: {a: {procedure: x}}}
            ladder: [{at: deadline, to: two, limit: 1, then: {to: two, opens: {b: {procedure: x}}}}]
            then: [{to: two, limit: 1, then: {to: two, opens: {c: {procedure: x}}}}]
        """)
    assert set(compiled.openings_by_group()) == {"a", "b", "c"}
