from __future__ import annotations

import re

import pytest

from fujin_cli import language
from fujin_cli.core.findings.finding import Edit, Finding, Fix, Place, Related, Span, TraceStep
from fujin_cli.core.findings.refusals import Refusal
from fujin_cli.core.text.localized import say
from fujin_cli.render.findings.text import findings_json, findings_text, refusal_json, refusal_text

PATH = "workflows/procedures/request.yaml"
SOURCE = "\n" * 60 + "      withdraw: {to: closed}\n" + "\n" * 26 + "  not-satisfied: {before: {enter: closed}}\n"


def span(line: int, column: int, length: int) -> Span:
    return Span(line, column, line, column + length)


def counter_example() -> Finding:
    return Finding(
        "FJ401",
        "error",
        say("a case can close before the first complainant accepts"),
        Place(PATH, ("guarantees", "not-satisfied"), True, span(88, 3, 13)),
        help=say("let withdraw lead to acceptance, or require approve"),
        related=(Related(say("this action closes the case"), Place(PATH, (), False, span(61, 7, 8))),),
        trace=(
            TraceStep(say("reported: accept"), Place(PATH, (), False, span(14, 1, 2))),
            TraceStep(say("closed, and approve has not happened")),
        ),
    )


def test_a_counter_example() -> None:
    assert findings_text([counter_example()], {PATH: SOURCE}, False, files=54) == (
        "error[FJ401]: a case can close before the first complainant accepts\n"
        "  --> workflows/procedures/request.yaml:88:3\n"
        "   |\n"
        "61 |       withdraw: {to: closed}\n"
        "   |       -------- this action closes the case\n"
        "88 |   not-satisfied: {before: {enter: closed}}\n"
        "   |   ^^^^^^^^^^^^^\n"
        "   = shortest run (2 steps):\n"
        "      1 reported: accept   …:14\n"
        "      2 closed, and approve has not happened\n"
        "   = help: let withdraw lead to acceptance, or require approve\n"
        "\n"
        "1 error in 54 files\n"
    )


def mendable(*edits: Edit, safe: bool = False) -> Finding:
    place = Place(PATH, (), False, span(2, 3, 5))
    return Finding("FJ003", "error", say("unknown key"), place, fix=Fix(say("mend it"), safe, edits))


def exact(line: int, column: int, end_line: int, end_column: int, text: str) -> Edit:
    return Edit("exact", Place(PATH, span=Span(line, column, end_line, end_column)), text)


@pytest.mark.parametrize(
    ("edits", "lines"),
    [
        ([exact(2, 3, 2, 8, "owner")], [" 2 -   ownre: a", " 2 +   owner: a"]),
        ([exact(2, 3, 2, 4, "O"), exact(2, 10, 2, 11, "b")], [" 2 -   ownre: a", " 2 +   Ownre: b"]),
        ([exact(2, 1, 3, 1, "")], [" 2 -   ownre: a"]),
        ([exact(2, 11, 2, 11, "\n  limit: 1")], [" 3 +   limit: 1"]),
    ],
)
def test_a_fix_is_shown_as_a_small_diff(edits: list[Edit], lines: list[str]) -> None:
    source = "steps:\n  ownre: a\n  other: 样例\n"
    shown = findings_text([mendable(*edits)], {PATH: source}, False).splitlines()
    at = shown.index("   = fix: mend it (unsafe, with --fix --unsafe)")
    assert shown[at + 1 : at + 1 + len(lines)] == lines
    assert shown[at + 1 + len(lines)] == ""
    assert "mend it (with --fix)" in findings_text([mendable(*edits, safe=True)], {PATH: source}, False)


def test_a_fix_as_json() -> None:
    (found,) = findings_json([mendable(exact(2, 3, 2, 8, "owner"))], 1)["findings"]
    edit = {"line": 2, "column": 3, "end_line": 2, "end_column": 8, "text": "owner"}
    assert found["fix"] == {"title": "mend it", "safe": False, "edits": [edit]}


def test_a_way_is_no_run() -> None:
    found = Finding("FJ502", "error", say("x"), Place(PATH), trace=(TraceStep(say("from here to there")),))
    assert "   = where the value goes:" in findings_text([found], {}, False).splitlines()


def test_underlines_go_by_columns_not_characters() -> None:
    finding = Finding("FJ101", "warning", say("unknown role"), Place("名册.yaml", (), False, span(1, 13, 2)))
    assert findings_text([finding], {"名册.yaml": "  - {name: 王一, roles: []}\n"}, False) == (
        "warning[FJ101]: unknown role\n"
        "  --> 名册.yaml:1:13\n"
        "   |\n"
        " 1 |   - {name: 王一, roles: []}\n"
        "   |              ^^^\n"
        "\n"
        "1 warning in 1 file\n"
    )


@pytest.mark.parametrize("line", ["a: 环境管护专委会x", "\ta: 环境", "环境环境环境"])
@pytest.mark.parametrize("column", [1, 2, 4, 6])
def test_the_caret_stands_under_the_fault(line: str, column: int) -> None:
    from rich.cells import cell_len

    finding = Finding("FJ001", "error", say("wrong"), Place("a.yaml", (), False, span(1, column, 1)))
    lines = findings_text([finding], {"a.yaml": line}, False).splitlines()
    shown, carets = lines[3], lines[4]
    fault = line[column - 1]
    before = shown[: shown.index("|") + 2] + line[: column - 1].replace("\t", "    ")
    assert carets.index("^") == cell_len(before)
    assert carets.count("^") == (4 if fault == "\t" else cell_len(fault))


def test_a_place_in_another_file_has_its_own_arrow() -> None:
    related = Related(say("declared here"), Place("b.yaml", (), False, span(120, 1, 3)))
    finding = Finding("FJ102", "error", say("unknown"), Place("a.yaml", (), False, span(1, 1, 3)), related=(related,))
    sources = {"a.yaml": "foo: 1\n", "b.yaml": "\n" * 119 + "fob: 2\n"}
    assert findings_text([finding], sources, False).splitlines()[1:9] == [
        "   --> a.yaml:1:1",
        "    |",
        "  1 | foo: 1",
        "    | ^^^",
        "   --> b.yaml:120:1",
        "    |",
        "120 | fob: 2",
        "    | --- declared here",
    ]


def test_without_a_span_or_a_source_there_is_no_snippet() -> None:
    bare = Finding("FJ701", "info", say("odd"), Place("data/ledger"), help=say("look"))
    nowhere = Finding("FJ702", "error", say("odd"), Place(""))
    unread = Finding("FJ703", "error", say("odd"), Place("gone.yaml", (), False, span(3, 2, 1)))
    assert findings_text([bare, nowhere, unread], {}, False) == (
        "info[FJ701]: odd\n  --> data/ledger\n   = help: look\n\n"
        "error[FJ702]: odd\n\n"
        "error[FJ703]: odd\n  --> gone.yaml:3:2\n\n"
        "2 errors, 1 remark in 0 files\n"
    )


def test_a_span_of_several_lines_or_past_the_end_is_bounded() -> None:
    many = Finding("FJ001", "error", say("open"), Place("a.yaml", (), False, Span(1, 4, 3, 1)))
    past = Finding("FJ001", "error", say("end"), Place("a.yaml", (), False, Span(9, 1, 9, 1)))
    text = findings_text([many, past], {"a.yaml": "a: [1,\n2\n"}, False)
    assert " 1 | a: [1,\n   |    ^^^\n" in text
    assert " 9 |\n   | ^\n" in text


def test_a_line_of_thousands_of_characters_shows_the_fault() -> None:
    line = "[" * 5000 + "FAULT" + "]" * 5000
    finding = Finding("FJ001", "error", say("deep"), Place("a.yaml", (), False, span(1, 5001, 5)))
    lines = findings_text([finding], {"a.yaml": line}, False).splitlines()
    assert "FAULT" in lines[3] and len(lines[3]) < 200
    assert lines[4].index("^") == lines[3].index("FAULT")
    assert lines[4].count("^") == 5


def test_no_findings() -> None:
    assert findings_text([], {}, False, files=54) == "no findings in 54 files\n"


def test_a_hostile_file_cannot_move_the_cursor() -> None:
    finding = Finding("FJ001", "error", say("bad {name}", name="\x1b[2J"), Place("a.yaml", (), False, span(1, 1, 1)))
    assert "\x1b" not in findings_text([finding], {"a.yaml": "\x1b[2Jx"}, False)


def test_colour_only_adds() -> None:
    coloured = findings_text([counter_example()], {PATH: SOURCE}, True)
    assert "\x1b[1;31merror[FJ401]" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == findings_text([counter_example()], {PATH: SOURCE}, False)


def test_json() -> None:
    assert findings_json([counter_example()], 54) == {
        "version": 1,
        "files": 54,
        "findings": [
            {
                "code": "FJ401",
                "severity": "error",
                "message": "a case can close before the first complainant accepts",
                "path": PATH,
                "line": 88,
                "column": 3,
                "end_line": 88,
                "end_column": 16,
                "help": "let withdraw lead to acceptance, or require approve",
                "related": [{"message": "this action closes the case", "path": PATH, "line": 61, "column": 7}],
                "trace": [
                    {"text": "reported: accept", "path": PATH, "line": 14, "column": 1, "replay": None},
                    {
                        "text": "closed, and approve has not happened",
                        "path": None,
                        "line": None,
                        "column": None,
                        "replay": None,
                    },
                ],
                "fix": None,
            }
        ],
    }


def test_refusals() -> None:
    refusal = Refusal(
        "FJ803",
        say("{actor} may not do this; allowed: {names}", actor="p-3", names=[{"zh": "协调员", "en": "coordinator"}]),
        who=("p-1",),
        help=say("ask one of them"),
    )
    assert refusal_json(refusal) == {
        "version": 1,
        "refused": {
            "code": "FJ803",
            "message": "p-3 may not do this; allowed: coordinator",
            "who": ["p-1"],
            "names": {},
            "help": "ask one of them",
        },
    }
    assert refusal_text(refusal, False).splitlines()[1] == "   = who: p-1"
    refusal.names["p-1"] = "王一"
    assert refusal_json(refusal)["refused"]["names"] == {"p-1": "王一"}
    assert refusal_text(refusal, False) == (
        "error[FJ803]: p-3 may not do this; allowed: coordinator\n   = who: 王一 (p-1)\n   = help: ask one of them\n"
    )
    assert refusal_text(Refusal("FJ802", say("no")), False) == "error[FJ802]: no\n"
    language.set_language("zh")
    assert "协调员" in refusal_text(refusal, False)
