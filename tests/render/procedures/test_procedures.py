from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from ruamel.yaml import YAML

from fujin_cli import language
from fujin_cli.core.model.compile_conditions import Conditions
from fujin_cli.core.model.compile_procedure import compile_procedure
from fujin_cli.render.basics.tables import format_for_terminal, format_tsv
from fujin_cli.render.basics.text import join_clauses
from fujin_cli.render.procedures.diagram import escape_mermaid
from fujin_cli.render.procedures.guarantees import guarantee_words
from fujin_cli.render.procedures.table import (
    mermaid_diagram,
    procedure_json,
    procedure_page,
    procedure_table,
    procedures_json,
    procedures_table,
)
from tests.support.paths import ROOT
from tests.support.town_hall import Hall, sample_workspace

SHIPPED = sorted((ROOT / "workflows" / "procedures").glob("*.yaml"))


def test_the_list(hall: Hall) -> None:
    versions = list(hall.workspace.procedures.values())
    assert format_tsv(procedures_table(versions)).splitlines() == [
        "id\tprocedure\topened by\tsteps\tguarantees",
        "order\t工单\tprocedure\t3\t0",
        "request\t居民诉求\tresident, coordinator\t10\t1",
    ]
    first = procedures_json(versions)["procedures"][0]
    assert (first["procedure"], first["digest"]) == ("order", versions[0].digest)


def test_the_table_says_who_may_do_what_by_when_leading_where(hall: Hall) -> None:
    table = procedure_table(hall.workspace.procedures["order"])
    lines = [line.rstrip() for line in format_for_terminal(table, 100, False).splitlines() if not line.startswith("─")]
    assert lines == [
        "Work order",
        "step      owner    time           action  by         leads to",
        "Sent      partner  1 working day  report  partner    Verified",
        "Sent      partner  1 working day  recall  inspector  Recalled",
        "Verified           end: Verified",
        "Recalled           end: Recalled",
    ]


def test_a_procedure_read_aloud(hall: Hall) -> None:
    assert procedure_page(hall.workspace.procedures["order"], 0, False) == (
        "Work order (order)\n"
        "A case is opened by: another procedure.\n"
        "\n"
        "People\n"
        "  inspector  inspector; inspector of the community\n"
        "  partner    partner; the person in the field partner\n"
        "\n"
        "Fields\n"
        "  task    task; text; required\n"
        "  to      partner; partner; required\n"
        "  result  result; text\n"
        "\n"
        "Sent (sent) · owned by partner · 1 working day\n"
        "  report  report; by partner; leads to Verified; needs: result; tells inspector\n"
        "  recall  recall; by inspector; leads to Recalled; tells partner\n"
        "\n"
        "Verified (verified) · end: Verified\n"
        "\n"
        "Recalled (recalled) · end: Recalled\n"
    )
    page = procedure_page(hall.workspace.procedures["request"], 0, False)
    for line in (
        "  answer-time  30 minutes, from 5 minutes to 2 working hours",
        "  reporter     first complainant; the contact in the field reporter; proves it with: acceptance code; "
        "may be entered by: inspector",
        "  inspector    inspector; inspector of the community; except: coordinator",
        "Reported (reported) · owned by coordinator · answer-time (30 minutes)",
        "  10 minutes before it     tells coordinator",
        "  4 working hours after it  raises it to the level community",
        "Closed (closed) · end: done; counts as: answered, resolved, satisfied",
        "  reopen  reopen; by first complainant; leads to Handling; within 10 working days; only once",
        "  automatic  leads to Ended with the other; only if all of duplicate of are ended; tells first complainant",
        "  finish  finish; by coordinator; leads to Acceptance on the spot; only if all of orders are verified; "
        "needs: result; may take: photos; tells first complainant",
        "  not-satisfied-not-done  not satisfied, not done; before a case reaches Closed, “approve” must have "
        "been done; earlier events no longer count once “finish” is done",
        "  pause  pause; by coordinator; the case stays; needs: reason, resume on; tells first complainant",
    ):
        assert " ".join(line.split()) in " ".join(page.split()), line


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"never": "approve"}, "g; this must never happen: “approve” is done"),
        ({"at_least": {"approve": "2"}}, "g; “approve” must be done at least 2 times"),
        ({"if": "finish", "also": "approve"}, "g; if “finish” is done, “approve” must be done too, earlier or later"),
        (
            {"after": "finish", "eventually": {"tells": "reporter"}},
            "g; whenever “finish” is done, the first complainant must be told afterwards",
        ),
        (
            {"before": {"enter": "any end"}, "require": "approve", "times": "3"},
            "g; before a case ends, “approve” must have been done; at least 3 times",
        ),
        ({"different_people": ["finish", "approve"]}, "g; different people must do these: “finish”, “approve”"),
        (
            {"after": {"overdue": "handling"}, "next": {"answered": "orders"}, "within": "2 working days"},
            "g; whenever Handling becomes overdue, all cases of orders must be answered immediately afterwards; "
            "within 2 working days",
        ),
        (
            {"before": {"end": "done"}, "require": "publish", "except": {"opens": "orders"}},
            "g; before a case ends as done, the case must have published something; "
            "except when a case of orders is opened",
        ),
        (
            {"one_of": ["approve", {"time_up": "handling"}]},
            "g; at least one of these must happen: “approve” is done, the period of Handling ends",
        ),
    ],
)
def test_guarantees_read_aloud(spec: dict[str, object], words: str) -> None:
    version = sample_workspace().procedures["request"]
    guarantee = Conditions({}, {"orders"}).compile_guarantee("g", spec, ())
    assert join_clauses(guarantee_words(guarantee, version)) == words


def test_json(hall: Hall) -> None:
    found = procedure_json(hall.workspace.procedures["request"])
    assert found["version"] == 1
    assert found["settings"]["answer-time"]["up_to"] == "2 working hours"
    assert found["fields"]["result"] == {
        "title": {"zh": "办理结果", "en": "result"},
        "type": "text",
        "of": [],
        "choices": None,
        "required": False,
        "public": "preview",
    }
    assert found["steps"][2]["actions"][0] == {
        "action": "finish",
        "title": {"zh": "办结", "en": "finish"},
        "to": "acceptance",
        "by": ["coordinator"],
        "needs": ["result"],
        "may": ["photos"],
        "amends": [],
        "limit": None,
    }


def test_the_diagram(hall: Hall) -> None:
    assert mermaid_diagram(hall.workspace.procedures["order"]) == (
        "stateDiagram-v2\n"
        "    s1 : Sent\n"
        "    s2 : Verified\n"
        "    s3 : Recalled\n"
        "    [*] --> s1\n"
        "    s1 --> s2 : report\n"
        "    s1 --> s3 : recall\n"
        "    s2 --> [*]\n"
        "    s3 --> [*]\n"
    )
    language.set_language("zh")
    assert "s1 --> s2 : 报告" in mermaid_diagram(hall.workspace.procedures["order"])


@given(st.text(max_size=30))
def test_no_title_can_break_a_diagram(title: str) -> None:
    text = escape_mermaid(title)
    assert not set(text) & set('"<>{}[]`%\\\n\r')
    assert text.count(";") == text.count("#") and ":" not in text


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
@pytest.mark.parametrize("tongue", ["en", "zh"])
def test_every_shipped_procedure_can_be_read_at_any_width(path: Path, tongue: str) -> None:
    language.set_language(tongue)
    version = compile_procedure(YAML(typ="base").load(path))
    for width in (60, 80, 120):
        assert all(cell_len(line) <= width for line in procedure_page(version, width, False).splitlines())
        assert all(
            cell_len(line) <= width for line in format_for_terminal(procedure_table(version), width, False).splitlines()
        )
    diagram = mermaid_diagram(version)
    assert all(f"    s{number} : " in diagram for number in range(1, len(version.steps) + 1))
