"""Findings as other programs read them: SARIF, GitHub's annotations, JUnit."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from fujin_cli.core.findings.finding import Edit, Finding, Fix, Place, Related, Severity, Span, TraceStep
from fujin_cli.core.text.localized import say
from fujin_cli.render.findings.github import SHOWN, findings_github
from fujin_cli.render.findings.junit import findings_junit
from fujin_cli.render.findings.sarif import FINGERPRINT, findings_sarif
from fujin_cli.rules.registry import page
from fujin_cli.store.yaml.stable_anchors import make_anchors
from tests.render.findings.test_text import counter_example, span
from tests.support.sarif_schema import NAMED, faults

PATH = "workflows/名册 1.yaml"


def finding(severity: Severity = "error", line: int = 1, text: str = "wrong {…}", path: str = PATH) -> Finding:
    return Finding("FJ101", severity, say("{text}", text=text), Place(path, (), False, span(line, 3, 4)))


def sarif(findings: list[Finding], names: list[str] | None = None, prefix: str = "") -> Any:
    pages = {"FJ101": page("FJ101") or ""}
    log = findings_sarif(findings, names or ["a/b"] * len(findings), pages, "0.1.0", prefix)
    found = json.loads(json.dumps(log, ensure_ascii=False))
    assert faults(found) == []
    assert found["$schema"] == NAMED
    return found["runs"][0]


def test_the_schema_can_refuse() -> None:
    log = findings_sarif([finding()], [""], {}, "0.1.0")
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert len(faults(log)) == 1


def test_sarif_of_nothing_says_that_it_ran() -> None:
    run = sarif([])
    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True}]


def test_sarif_of_a_counter_example() -> None:
    run = sarif([counter_example()], ["guarantees/not-satisfied"], prefix="city/")
    result = run["results"][0]
    assert (result["ruleId"], result["level"], run["tool"]["driver"]["rules"]) == (
        "FJ401",
        "error",
        [{"id": "FJ401", "defaultConfiguration": {"level": "error"}}],
    )
    place = result["locations"][0]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "city/workflows/procedures/request.yaml"},
        "region": {"startLine": 88, "startColumn": 3, "endLine": 88, "endColumn": 16},
    }
    assert place["logicalLocations"] == [
        {"fullyQualifiedName": "workflows/procedures/request.yaml#guarantees/not-satisfied"}
    ]
    steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [step["location"]["message"]["text"] for step in steps] == [
        "reported: accept",
        "closed, and approve has not happened",
    ]
    assert steps[0]["location"]["physicalLocation"]["region"]["startLine"] == 14
    assert steps[1]["location"]["physicalLocation"] == steps[0]["location"]["physicalLocation"]
    assert result["relatedLocations"][0]["message"]["text"] == "this action closes the case"
    assert result["message"]["text"].splitlines()[1] == "let withdraw lead to acceptance, or require approve"


def test_sarif_of_a_fix() -> None:
    found = finding()
    edit = Edit("exact", Place(PATH, span=span(1, 3, 4)), "right")
    (result,) = sarif([replace(found, fix=Fix(say("mend it"), False, (edit,)))], prefix="city/")["results"]
    (fix,) = result["fixes"]
    assert fix["description"]["text"] == "mend it"
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"] == result["locations"][0]["physicalLocation"]["artifactLocation"]
    (replacement,) = change["replacements"]
    assert replacement["deletedRegion"] == {"startLine": 1, "startColumn": 3, "endLine": 1, "endColumn": 7}
    assert replacement["insertedContent"] == {"text": "right"}


@pytest.mark.parametrize(("severity", "level"), [("error", "error"), ("warning", "warning"), ("info", "note")])
def test_sarif_levels(severity: Severity, level: str) -> None:
    assert sarif([finding(severity)])["results"][0]["level"] == level


def test_sarif_escapes_paths_and_braces_and_explains_the_rule() -> None:
    run = sarif([finding()])
    result = run["results"][0]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "workflows/%E5%90%8D%E5%86%8C%201.yaml"
    assert result["message"]["text"] == "wrong {{…}}"
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert rule["shortDescription"]["text"] in (page("FJ101") or "")
    assert rule["help"]["markdown"].startswith("# FJ101")
    assert rule["defaultConfiguration"] == {"level": "error"}
    assert rule["fullDescription"]["text"] in " ".join((page("FJ101") or "").split())
    assert 20 < len(rule["fullDescription"]["text"]) < 1024  # what GitHub shows of it


def test_equal_findings_of_one_place_are_told_apart_and_lines_do_not_count() -> None:
    first = [entry["partialFingerprints"][FINGERPRINT] for entry in sarif([finding(), finding(line=9)])["results"]]
    later = [entry["partialFingerprints"][FINGERPRINT] for entry in sarif([finding(line=5)])["results"]]
    assert first[0] != first[1]
    assert first[0] == later[0]
    assert sarif([finding(path="workflows/b.yaml")])["results"][0]["partialFingerprints"][FINGERPRINT] != first[0]
    assert sarif([finding()], ["a/c"])["results"][0]["partialFingerprints"][FINGERPRINT] != first[0]


ROSTER = """\
roster: C1
staff:
  - {person: p-1, name: 样例甲, roles: [nobody]}
  - person: p-2
    name: 样例乙
    roles:
      - nobody
"""


def at(text: str, word: str, number: int = 0) -> Finding:
    start = [match.start() for match in re.finditer(word, text)][number]
    line, column = text.count("\n", 0, start) + 1, start - (text.rfind("\n", 0, start) + 1) + 1
    return Finding("FJ101", "error", say("wrong"), Place("a.yaml", (), False, Span(line, column, line, column + 1)))


def test_anchors_name_keys_and_items() -> None:
    found = [at(ROSTER, "nobody"), at(ROSTER, "nobody", 1), at(ROSTER, "roles", 1), at(ROSTER, "C1")]
    expected = [
        "staff/person=p-1/roles/nobody",
        "staff/person=p-2/roles/nobody",
        "staff/person=p-2/roles",
        "roster",
    ]
    assert make_anchors(found, {"a.yaml": ROSTER}) == expected
    moved = ROSTER.replace("staff:\n", "# staff of the office\nstaff:\n  - {person: p-0, name: 样例丙, roles: []}\n")
    again = [at(moved, "nobody"), at(moved, "nobody", 1), at(moved, "roles", 2), at(moved, "C1")]
    assert make_anchors(again, {"a.yaml": moved}) == expected


def test_anchors_of_a_file_that_cannot_be_read_are_its_lines() -> None:
    text = "roster: C1\nstaff: [\n"
    assert make_anchors([at(text, "staff")], {"a.yaml": text}) == ["staff: ["]
    assert make_anchors([Finding("FJ101", "error", say("x"), Place("b.yaml", ("a", 1)))], {}) == ["a/1"]


def test_github_annotates_the_ten_worst_and_lists_the_rest() -> None:
    findings = [finding("warning", line) for line in range(1, 13)] + [finding("error", 40), finding("info", 50)]
    lines = findings_github(findings, 3).splitlines()
    commands = [line for line in lines if line.startswith("::")]
    assert len(commands) == SHOWN
    assert commands[0] == f"::error file={PATH},line=40,endLine=40,col=3,endColumn=7,title=FJ101::wrong {{…}}"
    assert all(line.startswith("::warning ") for line in commands[1:])
    assert lines[SHOWN:] == [
        f"{PATH}:10:3: warning[FJ101]: wrong {{…}}",
        f"{PATH}:11:3: warning[FJ101]: wrong {{…}}",
        f"{PATH}:12:3: warning[FJ101]: wrong {{…}}",
        f"{PATH}:50:3: info[FJ101]: wrong {{…}}",
        "1 error, 12 warnings, 1 remark in 3 files",
    ]


def test_github_escapes_what_would_end_a_command() -> None:
    odd = finding(text="100% of\n::error::x", path="workflows/a,b:c%.yaml")
    line = findings_github([odd], 1, "city/").splitlines()[0]
    assert line.startswith("::error file=city/workflows/a%2Cb%3Ac%25.yaml,line=1,")
    assert line.endswith("::100%25 of ::error::x")
    assert len(findings_github([odd] * 11, 1).splitlines()) == 12
    sneaky = finding(path="::add-mask::x")
    assert findings_github([sneaky] * 11, 1).splitlines()[10].startswith(" ::add-mask::x:1:3:")


def test_github_gives_columns_of_one_line_only_and_shows_the_run() -> None:
    wide = Finding("FJ002", "info", say("wide"), Place("a.yaml", (), False, Span(1, 3, 4, 1)))
    bare = Finding("FJ002", "error", say("bare"), Place("a.yaml"))
    lines = findings_github([wide, bare, counter_example()], 1).splitlines()
    assert lines[0] == "::error file=a.yaml,title=FJ002::bare"
    said = lines[1].partition("title=FJ401::")[2].split("%0A")
    assert said[1:] == [
        "workflows/procedures/request.yaml:61:7: this action closes the case",
        "shortest run (2 steps):",
        "1. reported: accept   …:14",
        "2. closed, and approve has not happened",
        "help: let withdraw lead to acceptance, or require approve",
    ]
    assert lines[2] == "::notice file=a.yaml,line=1,endLine=4,title=FJ002::wide"


JENKINS = {  # what the schema of its xUnit plug-in (junit-10.xsd) knows of what we write
    "testsuites": {"name", "time", "tests", "failures", "errors"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname", "id", "file"},
    "testcase": {"name", "time", "classname", "group"},
    "failure": {"type", "message"},
    "system-out": set(),
}


def junit(findings: list[Finding], *counting: Severity) -> ElementTree.Element:
    return ElementTree.fromstring(findings_junit(findings, ["a.yaml", "b.yaml"], counting, "city/"))


def test_junit_has_a_case_for_each_file() -> None:
    found = [
        finding("error", 2, path="a.yaml"),
        finding("warning", 1, path="a.yaml"),
        finding("warning", path="b.yaml"),
    ]
    report = junit(found, "error")
    assert dict(report.attrib) == {"name": "fujin validate", "tests": "2", "failures": "1", "errors": "0"}
    assert all(set(element.attrib) <= JENKINS[element.tag] for element in report.iter())
    cases = {case.attrib["name"]: case for case in report.iter("testcase")}
    assert list(cases) == ["city/a.yaml", "city/b.yaml"]
    failure = cases["city/a.yaml"].find("failure")
    assert failure is not None and failure.text is not None
    assert failure.attrib == {"message": "1 error, 1 warning in 1 file", "type": "FJ101"}
    assert "city/a.yaml:2:3: error[FJ101]: wrong {…}" in failure.text
    assert cases["city/b.yaml"].find("failure") is None
    said = cases["city/b.yaml"].find("system-out")
    assert said is not None and "warning[FJ101]" in (said.text or "")
    assert junit(found, "error", "warning").attrib["failures"] == "2"


def test_junit_is_xml_whatever_a_file_says() -> None:
    report = junit([finding(text='<&"]]>\x00\ufffe\ud800 x', path="a.yaml")], "error")
    failure = next(report.iter("failure"))
    assert '<&"]]>' in (failure.text or "")
    assert [case.attrib["name"] for case in junit([finding(path="c<.yaml")], "error").iter("testcase")][-1] == (
        "city/c<.yaml"
    )


def test_a_step_of_another_file_has_its_own_place() -> None:
    step = TraceStep(say("x"), Place("b.yaml", (), False, span(2, 1, 1)))
    found = Finding(
        "FJ101", "error", say("y"), Place("a.yaml"), related=(Related(say("z"), Place("b.yaml")),), trace=(step,)
    )
    flow = sarif([found])["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"][0]["location"]
    assert flow["physicalLocation"]["artifactLocation"]["uri"] == "b.yaml"
