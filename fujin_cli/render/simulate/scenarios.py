"""Show the results of scenarios, as JSON, text and JUnit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from fujin_cli.core.model.scenario_file import Tested
from fujin_cli.core.text.localized import plain_title_of, say, say_count, title_of
from fujin_cli.render.basics.text import fold_text, paint, to_one_line
from fujin_cli.render.findings.junit import finding_junit_lines, xml_safe_line
from fujin_cli.render.findings.text import finding_json, findings_blocks


def scenario_results_json(tested: Sequence[Tested]) -> dict[str, Any]:
    """Write the results as JSON, version 1; ``findings`` have the fields of ``validate``."""
    return {
        "version": 1,
        "passed": sum(not result.findings for result in tested),
        "failed": sum(bool(result.findings) for result in tested),
        "scenarios": [
            {
                "scenario": result.scenario.name,
                "title": plain_title_of(result.scenario.title, result.scenario.name),
                "procedure": result.scenario.procedure,
                "path": result.scenario.path,
                "passed": not result.findings,
                "findings": [finding_json(finding) for finding in result.findings],
            }
            for result in tested
        ],
    }


def scenario_results_text(tested: Sequence[Tested], sources: Mapping[str, str], colour: bool, width: int = 0) -> str:
    """Write the failed scenarios with their findings, and a summary."""
    parts = []
    for result in tested:
        if result.findings:
            name = to_one_line(title_of(result.scenario.title, result.scenario.name))
            failed = say("failed: {scenario} ({title})", scenario=result.scenario.name, title=name)
            parts += [paint(line, "bold red", colour) + "\n" for line in fold_text(str(failed), width)]
            parts.append(findings_blocks(result.findings, sources, colour, width))
    return "".join(parts) + f"{_results_summary(tested)}\n"


def _results_summary(tested: Sequence[Tested]) -> str:
    failed = sum(bool(result.findings) for result in tested)
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


def scenario_results_junit(tested: Sequence[Tested]) -> str:
    """Write a JUnit report: one test case a scenario."""
    failed = sum(bool(result.findings) for result in tested)
    totals = {"tests": str(len(tested)), "failures": str(failed), "errors": "0"}
    suites = ElementTree.Element("testsuites", {"name": "fujin test", **totals})
    suite = ElementTree.SubElement(suites, "testsuite", {"name": "fujin test", **totals, "skipped": "0"})
    for result in tested:
        about = {"classname": f"fujin.test.{result.scenario.procedure}", "name": xml_safe_line(result.scenario.name)}
        case = ElementTree.SubElement(suite, "testcase", {**about, "file": xml_safe_line(result.scenario.path)})
        if result.findings:
            first = result.findings[0]
            failure = ElementTree.SubElement(
                case, "failure", {"message": xml_safe_line(str(first.message)), "type": first.code}
            )
            failure.text = "\n".join(line for finding in result.findings for line in finding_junit_lines(finding, ""))
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suites, encoding="unicode") + "\n"
