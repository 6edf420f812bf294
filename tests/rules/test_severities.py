"""What realistic changes of the shipped configuration are called: as a careful reviewer would, edit by edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import pytest

from fujin_cli.core.findings.finding import Finding, must_exclude_file
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.versions.compare import Comparison, Side, compare_workspaces
from fujin_cli.rules.change_findings import BREAKING, findings_of_changes
from fujin_cli.store.workspace.load import contents_of
from fujin_cli.use_cases.validate import FIT_TO_WORK_WITH, check_contents
from tests.support.paths import ROOT

pytestmark = pytest.mark.slow

REQUEST, ORDER, CONFERENCE, OBJECTION = (
    f"workflows/procedures/{name}.yaml" for name in ("resident-request", "work-order", "joint-conference", "objection")
)
ROSTER, COMMITTEE = "workflows/rosters/XF01-environment.yaml", "workflows/committees/XF01-environment.yaml"
RENAMED_PROMISE = (", withdraw: reporter}", ", take-back: reporter}")
NOTHING, INFO, BREAKS = "nothing to decide", "told", "breaking"


@dataclass(frozen=True, slots=True)
class Edit:
    """One realistic change, what a reviewer would call it, and the codes that say so."""

    what: str
    path: str
    old: str
    new: str
    called: str
    codes: Sequence[str] = ()
    promise: tuple[str, str] = ("", "")  # what the guarantees say of the action, before and after


EDITS = (
    # times: a case is late sooner or later; what may be done is the same
    Edit("a deadline is shortened", REQUEST, "    within: 2 working days\n", "    within: 1 working day\n", NOTHING),
    Edit(
        "a reminder more",
        REQUEST,
        "      - {before: 10 minutes, tell: [coordinator]}\n",
        "      - {before: 20 minutes, tell: [coordinator]}\n      - {before: 10 minutes, tell: [coordinator]}\n",
        NOTHING,
    ),
    Edit("a reminder less", REQUEST, "      - {before: 4 working hours, tell: [inspector]}\n", "", BREAKS, ("FJ612",)),
    Edit("a title", REQUEST, "en: accept}", "en: take on}", NOTHING),
    Edit(
        "a clock",
        REQUEST,
        "    within: 10 working days\n    promised: yes",
        "    within: 8 working days\n    promised: yes",
        NOTHING,
    ),
    # what is asked for
    Edit(
        "a reason is asked for",
        REQUEST,
        "        to: deliberating\n        by: coordinator\n        tell",
        "        to: deliberating\n        by: coordinator\n        needs: [reason]\n        tell",
        BREAKS,
        ("FJ603", "FJ605", "FJ608"),
    ),
    Edit(
        "a reason is asked for no more",
        REQUEST,
        "        to: declined\n        by: coordinator\n        needs: [reason]\n",
        "        to: declined\n        by: coordinator\n",
        BREAKS,
        ("FJ603", "FJ604", "FJ605", "FJ608"),
    ),
    Edit(
        "something more may be said",
        REQUEST,
        "        needs: [result]\n        may: [photos, cost]\n",
        "        needs: [result]\n        may: [photos, cost, explanation]\n",
        INFO,
        ("FJ608",),
    ),
    # what may be done
    Edit(
        "an action more",
        REQUEST,
        "      decline:\n",
        "      pass-on: {title: 转交, to: ruling, by: coordinator, tell: {reporters: progress}}\n      decline:\n",
        INFO,
        ("FJ608",),
    ),
    Edit(
        "an action less",
        REQUEST,
        "      withdraw:\n        title: {zh: 撤回, en: withdraw}\n        to: withdrawn\n"
        "        by: reporter\n        tell: {reporter: answer}\n",
        "",
        BREAKS,
        ("FJ605",),
        promise=(", withdraw: reporter}", "}"),
    ),
    Edit(
        "an action with another name",
        REQUEST,
        "      withdraw:\n",
        "      take-back:\n",
        BREAKS,
        ("FJ605", "FJ608"),
        promise=RENAMED_PROMISE,
    ),
    Edit(
        "an action with another name, said",
        REQUEST,
        "      withdraw:\n",
        "      take-back:\n        was: withdraw\n",
        NOTHING,
        promise=RENAMED_PROMISE,
    ),
    Edit(
        "an action leads elsewhere",
        REQUEST,
        "        to: ruling\n        by: coordinator\n        needs: [explanation]",
        "        to: handling\n        by: coordinator\n        needs: [explanation]",
        BREAKS,
    ),
    Edit(
        "a limit is raised",
        REQUEST,
        "        limit: 2\n        then: {to: ruling, tell: {lead",
        "        limit: 3\n        then: {to: ruling, tell: {lead",
        BREAKS,
    ),
    Edit(
        "a limit that nothing reaches is added",
        REQUEST,
        "      - when: {meeting: {all: handle}}\n        to: handling\n",
        "      - when: {meeting: {all: handle}}\n        to: handling\n        limit: 3\n",
        NOTHING,
    ),
    Edit("a condition is dropped", REQUEST, "        when: {orders: {all: verified}}\n", "", BREAKS),
    # who may do it
    Edit(
        "somebody else accepts",
        REQUEST,
        "        to: deliberating\n        by: coordinator\n        tell",
        "        to: deliberating\n        by: collector\n        tell",
        BREAKS,
        ("FJ604", "FJ605", "FJ608"),
    ),
    Edit(
        "somebody more accepts",
        REQUEST,
        "        to: deliberating\n        by: coordinator\n        tell",
        "        to: deliberating\n        by: [coordinator, collector]\n        tell",
        BREAKS,
        ("FJ604", "FJ608"),
    ),
    Edit(
        "the coordinator approves for the reporter",
        REQUEST,
        "proof: acceptance-code, through: [inspector]",
        "proof: acceptance-code, through: [inspector, coordinator]",
        BREAKS,
        ("FJ608", "FJ615"),
    ),
    Edit(
        "whoever handled it may enter the approval",
        REQUEST,
        "    not: [lead, coordinator]  ",
        "    not: [lead]  ",
        BREAKS,
        ("FJ604", "FJ608", "FJ616"),
    ),
    # promises
    Edit(
        "a guarantee is dropped",
        REQUEST,
        "    before: {enter: unreachable}\n    require: try\n    times: 3\n",
        "    before: {enter: unreachable}\n    require: try\n    times: 1\n",
        BREAKS,
        ("FJ611",),
    ),
    Edit("a guarantee is renamed", REQUEST, "  silence-is-not-consent:\n", "  silence-is-no-consent:\n", NOTHING),
    Edit(
        "an answer is not told",
        REQUEST,
        "        needs: [reason]\n        tell: {reporter: answer}\n",
        "        needs: [reason]\n",
        BREAKS,
        ("FJ604", "FJ612"),
    ),
    Edit(
        "a notice is not published",
        REQUEST,
        "        publish: notice\n        tell: {reporter: answer}\n      refuse",
        "        tell: {reporter: answer}\n      refuse",
        BREAKS,
        ("FJ604", "FJ612"),
    ),
    # settings
    Edit("a range is widened", REQUEST, "from: 3, up_to: 5}", "from: 2, up_to: 5}", BREAKS, ("FJ604", "FJ608")),
    Edit("a range is widened where nothing reaches", REQUEST, "from: 3, up_to: 5}", "from: 3, up_to: 6}", NOTHING),
    Edit("another default", REQUEST, "default: 3, from: 3", "default: 4, from: 3", BREAKS, ("FJ605",)),
    # the organisation: told under its own heading
    Edit("a member leaves a seat", ROSTER, "seat: member", "seat: head", NOTHING),
    Edit("a committee's own setting", COMMITTEE, "answer-time: 10 minutes", "answer-time: 20 minutes", NOTHING),
    Edit(
        "one more holiday",
        "workflows/workspace.yaml",
        "calendar: {country: CN}",
        "calendar: {country: CN, years: {2026: {holidays: [2026-12-24]}}}",
        NOTHING,
    ),
)


@cache
def shipped() -> Workspace:
    return read("")


def read(path: str, *edits: tuple[str, str]) -> Workspace:
    contents = {name: data for name, data in contents_of(ROOT).items() if "/scenarios/" not in name}
    for old, new in edits:
        text = (contents[path] or b"").decode()
        assert old in text, (path, old)
        contents[path] = text.replace(old, new, 1).encode()
    checked = check_contents(contents, date.max, FIT_TO_WORK_WITH)
    assert [finding for finding in checked.findings if must_exclude_file(finding)] == []
    return checked.files.workspace


def judged(edit: Edit) -> tuple[Comparison, list[Finding]]:
    before, after = shipped(), read(edit.path, (edit.old, edit.new), edit.promise)
    comparison = compare_workspaces(before, after, date(2026, 6, 1))
    return comparison, findings_of_changes(
        comparison, *(Side("x", side, lambda place: place) for side in (before, after))
    )


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.what.replace(" ", "-"))
def test_what_a_reviewer_would_call_it(edit: Edit) -> None:
    comparison, findings = judged(edit)
    codes = sorted({finding.code for finding in findings})
    assert not comparison.is_same
    assert not [finding for finding in findings if finding.severity == "error"]
    called = BREAKS if BREAKING & set(codes) else INFO if codes else NOTHING
    assert called == edit.called, codes
    if edit.codes:
        assert codes == list(edit.codes)
