"""Write findings as a JUnit report: one test case a file, failed where a finding of it counts.

Elements and attributes are those of the schema of Jenkins' xUnit plug-in (junit-10.xsd), the strictest reader: it knows
no ``file`` of a test case, so the case's name is the file's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from xml.etree import ElementTree

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.render.basics.snippets import format_place
from fujin_cli.render.basics.text import to_one_line
from fujin_cli.render.findings.text import findings_summary
from fujin_cli.render.findings.traces import lines_below_headline

_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")  # what XML 1.0 has no way to write and one_line leaves


def findings_junit(
    findings: Iterable[Finding], paths: Iterable[str], counting: Collection[Severity], prefix: str = ""
) -> str:
    """Write one ``testcase`` for each of ``paths`` and for every other file with a finding.

    A file fails where one of its findings is of a severity in ``counting``; what does not count is its ``system-out``.
    ``prefix`` leads from where paths are to begin to the workspace: empty, or with ``/`` at its end.
    """
    mine: dict[str, list[Finding]] = {path: [] for path in paths}
    for finding in findings:
        mine.setdefault(finding.place.path, []).append(finding)
    failed = {path for path, own in mine.items() if any(finding.severity in counting for finding in own)}
    totals = {"tests": str(len(mine)), "failures": str(len(failed)), "errors": "0"}
    suites = ElementTree.Element("testsuites", {"name": "fujin validate", **totals})
    suite = ElementTree.SubElement(suites, "testsuite", {"name": "fujin validate", **totals, "skipped": "0"})
    for path, own in sorted(mine.items()):
        name = xml_safe_line(prefix + path)
        case = ElementTree.SubElement(suite, "testcase", {"classname": "fujin.validate", "name": name})
        lines = "\n".join(line for finding in own for line in finding_junit_lines(finding, prefix))
        if path in failed:
            worst = next(finding for finding in own if finding.severity in counting)
            failure = ElementTree.SubElement(
                case, "failure", {"message": xml_safe_line(findings_summary(own, 1)), "type": worst.code}
            )
            failure.text = lines
        elif own:
            ElementTree.SubElement(case, "system-out").text = lines
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suites, encoding="unicode") + "\n"


def finding_junit_lines(finding: Finding, prefix: str) -> list[str]:
    """Write the place and message, the run that shows it, and the help."""
    headline = [f"{prefix}{format_place(finding.place)}: {finding.severity}[{finding.code}]: {finding.message}"]
    return [
        xml_safe_line(text) for text in (*headline, *(f"  {line}" for line in lines_below_headline(finding, prefix)))
    ]


def xml_safe_line(text: str) -> str:
    """Put text on one line, without characters that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", to_one_line(text))
