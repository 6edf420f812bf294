"""Scenarios that were run, as scripts read them and as people do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from fujin_cli.core.model.scenario_file import Tested
from fujin_cli.core.text.message import say, say_count, title_of
from fujin_cli.render.basics.text import fold, one_line, paint
from fujin_cli.render.findings.junit import junit_line, junit_lines
from fujin_cli.render.findings.text import finding_json, findings_blocks


def tested_json(tested: Sequence[Tested]) -> dict[str, Any]:
    """Version 1; ``findings`` of a scenario have the fields of ``validate``."""
    return {
        "version": 1,
        "passed": sum(not entry.findings for entry in tested),
        "failed": sum(bool(entry.findings) for entry in tested),
        "scenarios": [
            {
                "scenario": entry.scenario.name,
                "title": title_of(entry.scenario.title, entry.scenario.name),
                "procedure": entry.scenario.procedure,
                "path": entry.scenario.path,
                "passed": not entry.findings,
                "findings": [finding_json(finding) for finding in entry.findings],
            }
            for entry in tested
        ],
    }


def tested_text(tested: Sequence[Tested], sources: Mapping[str, str], colour: bool, width: int = 0) -> str:
    """What failed, with its lines, and how many did."""
    parts = []
    for entry in tested:
        if entry.findings:
            name = one_line(title_of(entry.scenario.title, entry.scenario.name))
            failed = say("failed: {scenario} ({title})", scenario=entry.scenario.name, title=name)
            parts += [paint(line, "bold red", colour) + "\n" for line in fold(str(failed), width)]
            parts.append(findings_blocks(entry.findings, sources, colour, width))
    return "".join(parts) + f"{_summary(tested)}\n"


def _summary(tested: Sequence[Tested]) -> str:
    failed = sum(bool(entry.findings) for entry in tested)
    if not tested:
        return str(say("no scenarios"))
    passed = len(tested) - failed
    if not failed:
        return str(say_count("{count} scenario passed", "{count} scenarios passed", count=passed))
    return str(
        say_count(
            "{failed} of {count} scenario failed",
            "{failed} of {count} scenarios failed",
            failed=failed,
            count=len(tested),
        )
    )


def tested_junit(tested: Sequence[Tested]) -> str:
    """A JUnit report: one test case a scenario."""
    failed = sum(bool(entry.findings) for entry in tested)
    totals = {"tests": str(len(tested)), "failures": str(failed), "errors": "0"}
    suites = ElementTree.Element("testsuites", {"name": "fujin test", **totals})
    suite = ElementTree.SubElement(suites, "testsuite", {"name": "fujin test", **totals, "skipped": "0"})
    for entry in tested:
        about = {"classname": f"fujin.test.{entry.scenario.procedure}", "name": junit_line(entry.scenario.name)}
        case = ElementTree.SubElement(suite, "testcase", {**about, "file": junit_line(entry.scenario.path)})
        if entry.findings:
            first = entry.findings[0]
            failure = ElementTree.SubElement(
                case, "failure", {"message": junit_line(str(first.message)), "type": first.code}
            )
            failure.text = "\n".join(line for finding in entry.findings for line in junit_lines(finding, ""))
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suites, encoding="unicode") + "\n"
