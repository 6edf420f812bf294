"""What is of valid shape is passed, and each mistake of shape is one finding in its place."""
# ruff: noqa: E501 - the table of mistakes is read line by line

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from fujin_cli.core.model.compile_procedure import compile_procedure
from fujin_cli.core.model.workspace import File, build_workspace
from fujin_cli.rules.registry import page
from fujin_cli.store.schema.check import ShapeCheck, check_shape
from fujin_cli.store.schema.shapes.base import Shape
from fujin_cli.store.schema.shapes.kinds import KINDS
from fujin_cli.store.yaml.read import read_yaml
from tests.support.paths import GOLDEN, ROOT

SAMPLES = {path.stem: path.read_text() for path in sorted((GOLDEN / "files").glob("*.yaml"))}
SHIPPED = sorted((ROOT / "workflows").rglob("*.yaml")) + sorted((ROOT / "fujin_cli/templates").rglob("*.yaml"))
EXAMPLES = ROOT.parent / "shared" / "design" / "examples"
PAGES = [f"FJ{code:03}" for code in (*range(1, 10), 20)]


def check(text: str) -> tuple[list[tuple[str, str, str]], ShapeCheck]:
    """Each finding as its code, what its span marks, and its message; and what was checked."""
    source = read_yaml(text.encode(), "a.yaml")
    checked = check_shape(source)
    found = []
    for finding in (*source.findings, *checked.findings):
        span = finding.place.span
        assert span is not None
        assert str(finding.help) or finding.help is None
        marked = source.lines[span.line - 1][
            span.column - 1 : span.end_column - 1 if span.end_line == span.line else None
        ]
        found.append((finding.code, marked, str(finding.message)))
    return found, checked


def changed(kind: str, old: str, new: str) -> str:
    assert SAMPLES[kind].count(old) == 1, f"{old!r} stands {SAMPLES[kind].count(old)} times in {kind}"
    return SAMPLES[kind].replace(old, new)


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_have_nothing_to_find(name: str) -> None:
    found, checked = check(SAMPLES[name])
    assert found == []
    assert checked.kind == ("procedure" if name == "request" else name)
    assert checked.tree == read_yaml(SAMPLES[name].encode(), "").tree
    assert (checked.broken, checked.pruned) == (False, frozenset())


def test_the_sample_procedure_compiles() -> None:
    procedure = compile_procedure(check(SAMPLES["request"])[1].tree or {})
    assert procedure.name == "request"
    assert len(procedure.steps) == 5


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(ROOT)))
def test_shipped_files_are_of_valid_shape(path: Path) -> None:
    assert check(path.read_text())[0] == []


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the drafts of the designs are not beside this repository")
def test_drafts_differ_only_where_it_was_decided_or_deferred() -> None:
    codes = {}
    for path in sorted(EXAMPLES.rglob("*.yaml")):
        found, checked = check(path.read_text())
        codes[path.name] = {code for code, _, _ in found}
        if path.parent == EXAMPLES:
            assert checked.kind == "procedure"
            assert checked.tree is not None
            assert compile_procedure(checked.tree).steps
    plain = ("application.yaml", "objection.yaml", "resident-request.yaml", "work-order.yaml", "committee.yaml")
    assert [codes[name] for name in plain] == [set()] * len(plain)
    for name in (
        "survey.yaml",
        "tasks.yaml",
        "routing.yaml",
        "scorecard.yaml",
        "contact-erasure.yaml",
        "duty-swap.yaml",
    ):
        assert codes[name] == {"FJ020"}


# One mistake, one finding: kind, what is changed, into what, code, what the mark is on, words of the message

MISTAKES = [
    # unknown keys
    (
        "request",
        "  reported:\n    title: 反映问题",
        "  reported:\n    titel: 反映问题",
        "FJ003",
        "titel",
        "unknown key titel",
    ),
    ("request", "    owner: coordinator\n", "    onwer: coordinator\n", "FJ003", "onwer", "onwer"),
    ("request", "after: 1 working day, raise: street", "after: 1 working day, rise: street", "FJ003", "rise", "rise"),
    ("request", "\nsteps:\n", "\nstpes:\n", "FJ003", "stpes", "stpes"),
    ("request", "head: {seat: head", "head: {saet: head", "FJ003", "saet", "saet"),
    ("request", "summary: {type:", "summary: {tpye:", "FJ003", "tpye", "tpye"),
    (
        "request",
        "{procedure: work-order, one_each: rows",
        "{procedur: work-order, one_each: rows",
        "FJ003",
        "procedur",
        "procedur",
    ),
    ("request", "{cost: {over: 10", "{cost: {ovver: 10", "FJ003", "ovver", "ovver"),
    ("request", "until: {tells: reporter}", "until: {tell: reporter}", "FJ003", "tell", "tell"),
    ("request", "joining: {join:", "joining: {jion:", "FJ003", "jion", "jion"),
    ("request", "both: {if:", "both: {iff:", "FJ003", "iff", "iff"),
    ("request", "declined: {title: 不予受理, end:", "declined: {title: 不予受理, edn:", "FJ003", "edn", "edn"),
    ("request", "scope: {type: choice, of:", "scope: {type: choice, fo:", "FJ003", "fo", "fo"),
    ("request", "place: {type: place}", "place: {type: place, at_most: 3}", "FJ003", "at_most", "at_most"),
    ("jurisdiction", "C01: {title: 一社区", "C01: {zh: 一社区", "FJ003", "zh", "zh"),
    ("roster", "person: p-02, name:", "person: p-02, nmae:", "FJ003", "nmae", "nmae"),
    ("workspace", "country: CN", "land: CN", "FJ003", "land", "land"),
    # kinds of value
    ("request", "    owner: coordinator\n", "    owner: [coordinator]\n", "FJ004", "owner", "a name of letters"),
    ("request", "adds: {joined: actor}", "adds: joined", "FJ004", "joined", "found the text joined"),
    ("request", "tell: {lead: dispatched}", "tell: {lead: [dispatched]}", "FJ004", "lead", "found a list"),
    (
        "request",
        "    on_enter: {tell: {lead: dispatched}, sets: {scope: household}}\n",
        "    on_enter: lead\n",
        "FJ004",
        "lead",
        "effects such as",
    ),
    ("request", "scope: household}}", "scope: [household]}}", "FJ004", "scope", "expected a value"),
    (
        "request",
        "by: [resident, coordinator]",
        "by: {resident: yes}",
        "FJ004",
        "by",
        "a name or a list of names, found a mapping",
    ),
    (
        "request",
        "  waiting:\n    title: 等待\n    owner: head\n",
        "  waiting:\n    title: 等待\n    within: 1 day\n    owner: head\n",
        "FJ004",
        "lasts",
        "cannot be used with within",
    ),
    ("request", "{at: deadline, tell", "{at: deadline, after: 1 day, tell", "FJ004", "after", "cannot be used with at"),
    (
        "request",
        "{role: inspector,",
        "{seat: head, role: inspector,",
        "FJ004",
        "inspector",
        "seat and role both define who this is",
    ),
    (
        "request",
        "sum: {type: count, computed: yes",
        "sum: {type: count, required: yes, computed: yes",
        "FJ004",
        "computed",
        "both required and computed",
    ),
    (
        "request",
        "in: [reported], by",
        "in: [reported], except: [waiting], by",
        "FJ004",
        "except",
        "cannot be used with in",
    ),
    ("request", "times: 2}\n  told", "times: 2, next: merge}\n  told", "FJ004", "next", "cannot be used with require"),
    (
        "request",
        "{enter: closed}, require: accept",
        "{enter: closed, end: done}, require: accept",
        "FJ004",
        "end",
        "cannot be used with enter",
    ),
    ("request", "steps:\n", "steps: []\nstepz:\n", "FJ004", "steps", "names, each with its value"),
    (
        "menu",
        "called_for_by: [riverside]",
        "called_for_by: {riverside: yes}",
        "FJ004",
        "called_for_by",
        "a list of names",
    ),
    ("partners", "serves: all", "serves: {C01: yes}", "FJ004", "serves", "all, or a list of communities"),
    (
        "committee",
        "founded: {on: 2026-01-01, by_case: C01-202601a-0001}",
        "founded: 2026-01-01",
        "FJ004",
        "2026-01-01",
        "the day it was founded",
    ),
    (
        "roster",
        "  - {person: p-04, name: 样例丁, roles: [supervisor]}",
        "  - p-04",
        "FJ004",
        "p-04",
        "a staff member",
    ),
    # missing
    ("request", "    owner: coordinator\n", "", "FJ005", "reported", "owner is missing"),
    ("request", "    owner: coordinator\n", "    owner:\n", "FJ005", "owner", "owner has no value"),
    (
        "request",
        "    title: 核对\n    then:\n      - {when: {in_favour: {at_least: majority}, orders: {at_least: 2}}, to: closed, limit: 2, then: declined, publish: result}\n      - {to: declined, does: {parting: {part: duplicate_of}}}\n",
        "    title: 核对\n",
        "FJ005",
        "counting",
        "has no actions and no moves",
    ),
    (
        "request",
        "title: 接单, to: counting, by: coordinator,",
        "title: 接单, to: counting,",
        "FJ005",
        "accept",
        "by is missing",
    ),
    (
        "request",
        "{before: 10 minutes, tell: coordinator}",
        "{tell: coordinator}",
        "FJ005",
        "{tell: coordinator}",
        "the time is missing",
    ),
    ("request", "{procedure: work-order, one_each: rows", "{one_each: rows", "FJ005", "rows", "procedure is missing"),
    ("request", "helper: {person: helper, through", "helper: {through", "FJ005", "helper", "not defined who"),
    ("request", "role: coordinator, of: committee", "role: coordinator", "FJ005", "coordinator", "of is missing"),
    (
        "request",
        "told: {after: accept, eventually: {tells: lead}, within: 2 working days}",
        "told: {after: accept}",
        "FJ005",
        "told",
        "but not what must happen",
    ),
    (
        "request",
        "told: {after: accept, eventually: {tells: lead}, within: 2 working days}",
        "told: {title: x}",
        "FJ005",
        "told",
        "no guarantee is given",
    ),
    (
        "request",
        "tries: {type: count, default: 3, from",
        "tries: {type: count, from",
        "FJ005",
        "tries",
        "default is missing",
    ),
    (
        "request",
        "clocks:\n  first-answer: {from: opened, ",
        "clocks:\n  first-answer: {",
        "FJ005",
        "first-answer",
        "from is missing",
    ),
    ("request", "[bounced, failed]\n", "[bounced, ~]\n", "FJ005", "~", "empty"),
    ("request", "case_of: community\n", "", "FJ005", "procedure: request", "case_of is missing"),
    ("menu", "from: 3, ", "", "FJ005", "seats", "from is missing"),
    (
        "roster",
        "person: p-02, ",
        "",
        "FJ005",
        "{name: 样例乙, seat: member, term: {from: 2026-01-01, until: 2028-12-31}}",
        "person is missing",
    ),
    # out of form
    ("request", "after: 2 working days, to", "after: 2 workng days, to", "FJ009", "2 workng days", "not a duration"),
    ("request", "default: 30 minutes", "default: half an hour", "FJ009", "half an hour", "not a duration"),
    ("request", "default: 2/3", "default: 3/2", "FJ009", "3/2", "a share such as"),
    ("request", "default: 3, from: 3", "default: three, from: 3", "FJ009", "three", "a whole number"),
    (
        "request",
        "cost: {type: money, default: 0.50",
        "cost: {type: money, default: 0.505",
        "FJ009",
        "0.505",
        "an amount",
    ),
    (
        "request",
        "role: coordinator, of: committee",
        "role: coordinator, of: comittee",
        "FJ009",
        "comittee",
        "did you mean committee?",
    ),
    ("request", "summary: {type: text", "summary: {type: txt", "FJ009", "txt", "did you mean text?"),
    ("request", "{type: count, default: 3", "{type: conut, default: 3", "FJ009", "conut", "did you mean count?"),
    ("request", "public: preview", "public: maybe", "FJ009", "maybe", "not one of"),
    ("request", "case_of: community", "case_of: comunity", "FJ009", "comunity", "did you mean community?"),
    ("request", "{time: up}", "{time: over}", "FJ009", "over", "not one of up"),
    ("request", "  head: {", "  办公 室: {", "FJ009", "办公 室", "a name of letters"),
    ("request", "procedure: request\n", "procedure: 诉求\n", "FJ009", "诉求", "a name of letters"),
    ("request", "duplicate_of: open,", "duplicate_of: opn,", "FJ009", "opn", "did you mean open?"),
    ("request", "parent: this case", "parent: that case", "FJ009", "that case", "this case"),
    ("request", "title: {zh: 全程}", "title: {中文: 全程}", "FJ009", "中文", "a language"),
    ("workspace", "zone: Asia/Shanghai", "zone: Asia/Shangai", "FJ009", "Asia/Shangai", "a time zone"),
    ("workspace", '"08:30-11:30"', '"11:30-08:30"', "FJ009", '"11:30-08:30"', "does not end after"),
    ("workspace", "2027-02-05/2027-02-12", "2027-02-12/2027-02-05", "FJ009", "2027-02-12/2027-02-05", "ends before"),
    ("workspace", "{2027: {", "{two: {", "FJ009", "two", "a year"),
    ("workspace", "rehearsal: yes", "rehearsal: maybe", "FJ009", "maybe", "yes"),
    ("roster", "born: 1960", "born: 60", "FJ009", "60", "a year"),
    (
        "roster",
        "p-02, name: 样例乙, seat: member, term: {from: 2026-01-01",
        "p-02, name: 样例乙, seat: member, term: {from: 2026-02-30",
        "FJ009",
        "2026-02-30",
        "a date",
    ),
    ("partners", '"vault:c-0123456789abcdef"', "13800000000", "FJ009", "13800000000", "a contact in the vault"),
    ("committee", 'at: "19:00"', 'at: "25:00"', "FJ009", '"25:00"', "a time such as"),
    ("committee", "title: 法律专委会", "title: '  '", "FJ009", "'  '", "a text is missing"),
    # not supported yet
    (
        "request",
        "    lasts: {until: begins, less: 1 day}\n",
        "    lasts: 1 day\n    collect: {votes: {from: members, sheet: ballot}}\n",
        "FJ020",
        "votes",
        "collect",
    ),
    (
        "request",
        "    lasts: {until: begins, less: 1 day}\n",
        "    lasts: 1 day\n    gathers: {cases: {cases: any, of: helper}}\n",
        "FJ020",
        "cases",
        "gathers",
    ),
    (
        "request",
        "does: {joining: {join: duplicate_of}}",
        "does: {erasing: {erase: reporter, after: messages}}",
        "FJ020",
        "erasing",
        "does",
    ),
    ("request", "sets: {scope: household}", "sets: {sum: {share: votes, of: members}}", "FJ020", "sum", "sets"),
    ("request", "  from: [visit, phone]\n", "  every: month\n", "FJ020", "month", "opened.every"),
    ("request", "those_who: {orders: verified}", "those_who: {sheets: in}", "FJ020", "in", "sheets"),
    (
        "request",
        "once: {at_most: {accept: 1}}",
        "once: {before: accept, quorum: {votes: 1/2}}",
        "FJ020",
        "1/2",
        "quorum",
    ),
    ("request", "once: {at_most: {accept: 1}}", "once: {never: {collected: votes}}", "FJ020", "votes", "collected"),
    (
        "request",
        "row: {task: {type: text, required: yes}, falls_to: {type: partner}}",
        "row: {scorecard: half-year}",
        "FJ020",
        "row",
        "scorecard",
    ),
]


@pytest.mark.parametrize(
    ("kind", "old", "new", "code", "marked", "words"),
    MISTAKES,
    ids=[f"{m[3]}-{m[0]}-{i}" for i, m in enumerate(MISTAKES)],
)
def test_one_mistake_is_one_finding(kind: str, old: str, new: str, code: str, marked: str, words: str) -> None:
    found, checked = check(changed(kind, old, new))
    expected = [(code, marked)]
    if new.startswith("steps: []"):
        expected.append(("FJ003", "stepz"))
    assert [entry[:2] for entry in found] == expected
    assert words in found[0][2]
    assert checked.broken
    assert checked.kind == ("procedure" if kind == "request" else kind)
    assert (checked.tree is None) == (old == "procedure: request\n")


def test_many_mistakes_are_all_found_and_none_hides_another() -> None:
    text, expected, used = SAMPLES["request"], [], ""
    for kind, old, new, code, marked, _ in MISTAKES:
        if kind != "request" or text.count(old) != 1 or "\n" in old or code == "FJ020" or old in used:
            continue
        text, used = text.replace(old, new), used + new
        expected.append((code, marked))
    found, checked = check(text)
    assert len(expected) > 20
    assert sorted(entry[:2] for entry in found) == sorted(expected)
    assert checked.tree is not None
    assert compile_procedure(checked.tree).steps


# Kinds of file


@pytest.mark.parametrize(
    ("text", "code", "kind"),
    [
        ("", "FJ008", None),
        ("# nothing\n", "FJ008", None),
        ("{}\n", "FJ008", None),
        ("- a\n", "FJ008", None),
        ("just text\n", "FJ008", None),
        ("procedur: x\nsteps: {}\n", "FJ008", None),
        ("something: x\n", "FJ008", None),
        ("survey: needs-2026\n", "FJ020", None),
        ("note: x\nroster: C01\n", "FJ008", "roster"),
        ("roster: C01\nstaff: [\n", "FJ001", "roster"),
        ("partners: {a: {b: [\n", "FJ001", "partners"),
    ],
)
def test_the_kind_of_a_file(text: str, code: str, kind: str | None) -> None:
    found, checked = check(text)
    assert [entry[0] for entry in found] == [code]
    assert checked.kind == kind
    assert checked.broken


def test_a_misspelt_kind_is_guessed() -> None:
    source = read_yaml(b"procedur: x\n", "a.yaml")
    assert str(check_shape(source).findings[0].help) == "did you mean procedure?"


def test_a_file_whose_name_is_broken_is_known_all_the_same() -> None:
    for text in (
        "procedure: errand\nsteps: [\n",
        "procedure: errand\nprocedure: b\n",
        "procedure: errand\nfields: 3\n",
    ):
        checked = check(text)[1]
        assert (checked.kind, checked.name) == ("procedure", "errand")


# The models themselves


def test_every_key_is_described_and_every_schema_can_be_made() -> None:
    for shape in KINDS.values():
        schema = json.dumps(shape.model_json_schema())
        assert '"null"' not in schema
    for shape in _shapes(Shape):
        if shape.__name__.startswith(("Unknown", "Nobody")):
            continue
        for name, field in shape.model_fields.items():
            assert field.description, f"{shape.__name__}.{name}"


def _shapes(shape: type[Shape]) -> list[type[Shape]]:
    return [found for sub in shape.__subclasses__() for found in (sub, *_shapes(sub))]


def test_the_core_takes_what_the_shapes_pass() -> None:
    files = [
        File(f"{name}.yaml", checked.kind or "", checked.name or "", checked.tree)
        for name, checked in ((name, check(text)[1]) for name, text in SAMPLES.items())
    ]
    workspace = build_workspace(files)
    assert list(workspace.procedures) == ["request"]
    assert len(workspace.organisation.rosters["C01-legal"]) == 4


def test_reading_yaml_and_finding_places_does_not_import_pydantic() -> None:
    code = (
        "import sys; from fujin_cli.store.yaml import positions, read; read.read_yaml(b'a: b', 'a');"
        "sys.exit(any(name.startswith('pydantic') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Pages


@pytest.mark.parametrize("code", PAGES)
def test_the_examples_of_a_page_are_true(code: str) -> None:
    blocks = re.findall(r"```yaml (fail|pass)\n(.*?)```", page(code) or "", re.DOTALL)
    assert [word for word, _ in blocks] == ["fail", "pass"]
    assert {named for named, _, _ in check(blocks[0][1])[0]} == {code}
    assert check(blocks[1][1])[0] == []
