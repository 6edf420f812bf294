from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from rich.cells import cell_len

from fujin_cli import language
from fujin_cli.core.cases.moves import list_moves
from fujin_cli.core.listing.sorting import sort_cases
from fujin_cli.core.listing.summary import Summary
from fujin_cli.render.basics.tables import Table, format_for_terminal, format_tsv
from fujin_cli.render.cases.actions import actions_json, actions_table
from fujin_cli.render.cases.case_page import case_page, case_page_json
from fujin_cli.render.cases.list import cases_table
from fujin_cli.render.cases.list_columns import PROGRAM_COLUMNS, ListContext, choose_screen_columns
from fujin_cli.render.cases.list_json import case_json, cases_json
from tests.support.town_hall import REPORTER, SECRET, Hall


def listed(hall: Hall, *cases: str) -> list:  # type: ignore[type-arg]
    return [hall.summary(case) for case in cases or hall.ledger.cases()]


def drawn(table: Table, width: int) -> list[str]:
    """What a terminal shows, without the rule and the spaces at line ends."""
    lines = format_for_terminal(table, width, False).splitlines()
    return [line.rstrip() for line in lines if not line.startswith("─")]


def context(hall: Hall) -> ListContext:
    return ListContext(hall.workspace, hall.titles, lambda summary: ("p-1",), hall.calendar, hall.now)


def screen(hall: Hall, summaries: list[Summary]) -> Table:
    return cases_table(summaries, context(hall), choose_screen_columns(summaries))


def program(hall: Hall, summaries: list[Summary]) -> list[str]:
    return format_tsv(cases_table(summaries, context(hall), PROGRAM_COLUMNS)).splitlines()


def test_a_case_as_json(hall: Hall) -> None:
    case = hall.request()
    assert cases_json(listed(hall), hall.calendar, lambda summary: ("p-1",)) == {
        "version": 1,
        "cases": [
            {
                "case": case,
                "procedure": "request",
                "community": "C1",
                "committee": "C1-light",
                "step": "reported",
                "outcome": None,
                "opened": "2026-06-01T09:00:00+08:00",
                "due": "2026-06-01T09:10:00+08:00",
                "overdue": False,
                "paused": None,
                "summary": SECRET,
                "topic": None,
                "owner": "coordinator",
                "who": ["p-1"],
                "partners": [],
                "orders": [],
            }
        ],
    }


def test_a_year_that_the_calendar_lacks_is_null_and_said(hall: Hall) -> None:
    case = hall.at("2026-12-31T16:00").handled()
    assert case_json(hall.summary(case), hall.calendar)["due"] is None
    assert "no due time: the calendar does not cover 2027" in program(hall, listed(hall, case))[1]


def test_the_list_of_cases(hall: Hall) -> None:
    late, fresh, ended, paused = hall.request(), hall.handled(), hall.request(), hall.handled()
    hall.do(ended, "decline", "p-1", reason="重复")
    hall.do(paused, "refuse", "reporter", reason="不亮")
    hall.do(paused, "pause", "p-1", reason="等材料", resume_on="2026-06-10")
    hall.at("2026-06-01T09:20")
    summaries = listed(hall, late, fresh, ended, paused)
    table = screen(hall, summaries)
    assert drawn(table, 160) == [
        "Cases",
        "case             summary                   step                    due               state",
        f"C1-202606a-0001  {SECRET}  Reported                2026-06-01 09:10  10 min late",
        f"C1-202606a-0002  {SECRET}  Acceptance on the spot  2026-06-03 17:00  in 2 days, for acceptance",
        f"C1-202606a-0004  {SECRET}  Declined                                  ended: declined",
        f"C1-202606a-0005  {SECRET}  Handling                2026-06-16 17:00  paused until 2026-06-10",
        "4 cases, 1 overdue",
        "times are Asia/Shanghai, +08:00",
    ]
    narrow = format_for_terminal(table, 60, False).splitlines()
    assert all(cell_len(line) <= 60 for line in narrow)
    assert "hidden, because the window is too narrow:" in " ".join(narrow)
    assert any(line.startswith("C1-202606a-0001") for line in narrow)


def test_the_list_in_a_pipe_has_ids_and_iso_times(hall: Hall) -> None:
    hall.request()
    assert program(hall, listed(hall)) == [
        "case\tprocedure\tcommunity\tcommittee\tstep\tdue\tstate\tsummary\ttopic\towner\tpartners\torders",
        f"C1-202606a-0001\trequest\tC1\tC1-light\treported\t2026-06-01T09:10:00+08:00\tin 10 min\t{SECRET}\t\tp-1\t\t",
    ]


def test_the_office_has_no_word_in_a_pipe(hall: Hall) -> None:
    hall.request()
    (summary,) = listed(hall)
    assert program(hall, [replace(summary, committee=None)])[1].split("\t")[3] == ""


def test_a_list_repeats_nothing_that_is_the_same_for_every_case(hall: Hall) -> None:
    hall.handled()
    request, order = listed(hall)
    assert "procedure" not in choose_screen_columns([request])
    assert "procedure" in choose_screen_columns([request, order])
    assert not {"community", "committee"} & {*choose_screen_columns([request, order])}
    elsewhere = replace(request, community="C2", committee="C2-light")
    assert {"community", "committee"} < {*choose_screen_columns([request, elsewhere])}


def test_the_summary_takes_the_width_that_is_left_and_one_line(hall: Hall) -> None:
    hall.request()
    summaries = [replace(summary, subject="路灯不亮" * 30) for summary in listed(hall)]
    for width in (60, 80, 120, 200):
        row = drawn(screen(hall, summaries), width)[2]
        assert "…" in row and cell_len(row) in (width, width - 1)
        assert row.endswith("in 10 min")


def test_the_most_urgent_case_comes_first(hall: Hall) -> None:
    hall.request()
    (summary,) = listed(hall)
    assert summary.due is not None
    later = replace(summary, case="a", due=summary.due + timedelta(hours=1))
    overdue = replace(later, case="b", overdue=True)
    timeless = replace(summary, case="c", due=None)
    ended = replace(timeless, case="d", outcome="satisfied")
    assert sort_cases([ended, timeless, later, summary, overdue], "urgency") == [
        overdue,
        summary,
        later,
        timeless,
        ended,
    ]


def test_the_footer_counts(hall: Hall) -> None:
    hall.request()
    (summary,) = listed(hall)
    late = replace(summary, overdue=True)
    assert drawn(screen(hall, [summary]), 80)[-2] == "1 case"
    assert drawn(screen(hall, [summary, summary]), 80)[-2] == "2 cases"
    assert drawn(screen(hall, [late]), 80)[-2] == "1 case, 1 overdue"
    assert drawn(screen(hall, [late, summary]), 80)[-2] == "2 cases, 1 overdue"


def test_the_list_speaks_the_titles_of_the_language(hall: Hall) -> None:
    hall.request()
    language.set_language("zh")
    columns = ("case", "procedure", "community", "committee")
    text = format_for_terminal(cases_table(listed(hall), context(hall), columns), 120, False)
    assert "居民诉求" in text and "福前社区" in text and "福前亮化专委会" in text
    assert "1 件事项" in text


def test_a_raised_case_is_late_all_the_same(hall: Hall) -> None:
    case = hall.request()
    hall.at("2026-06-01T16:00").tick()
    assert "2026-06-01T16:10:00+08:00\tlate, raised\t" in program(hall, listed(hall, case))[1]


def test_actions_as_json(hall: Hall) -> None:
    case = hall.handled()
    hall.do(case, "refuse", "reporter", reason="不亮")
    state = hall.replay_case(case)
    found = actions_json(list_moves(hall.version_of_case(state), state, hall.now, hall.calendar), hall.people(case))
    assert found["version"] == 1
    assert found["actions"] == [
        {
            "action": "finish",
            "title": "finish",
            "to": "acceptance",
            "by": ["coordinator"],
            "who": ["p-1"],
            "needs": ["result"],
            "may": ["photos"],
            "amends": [],
            "fields": [
                {
                    "field": "result",
                    "title": "result",
                    "type": "text",
                    "list": False,
                    "required": True,
                    "choices": None,
                },
                {
                    "field": "photos",
                    "title": "photos",
                    "type": "photo",
                    "list": True,
                    "required": False,
                    "choices": None,
                },
            ],
            "open": True,
            "why_not": None,
        },
        {
            "action": "pause",
            "title": "pause",
            "to": None,
            "by": ["coordinator"],
            "who": ["p-1"],
            "needs": ["reason", "resume_on"],
            "may": [],
            "amends": [],
            "fields": [
                {
                    "field": "reason",
                    "title": "reason",
                    "type": "text",
                    "list": False,
                    "required": True,
                    "choices": None,
                },
                {
                    "field": "resume_on",
                    "title": "resume on",
                    "type": "date",
                    "list": False,
                    "required": True,
                    "choices": None,
                },
            ],
            "open": True,
            "why_not": None,
        },
    ]


def test_actions_say_why_they_are_closed(hall: Hall) -> None:
    case = hall.request()
    hall.do(case, "accept", "p-1", lead="power")
    state = hall.replay_case(case)
    known = list_moves(hall.version_of_case(state), state, hall.now, hall.calendar)
    found = actions_json(known, hall.people(case))["actions"][0]
    assert (found["open"], found["why_not"]) == (False, "this requires: all of orders are verified")
    assert drawn(actions_table(known, hall.people(case), hall.version_of_case(state)), 120) == [
        "C1-202606a-0001: Handling",
        "action  title   leads to                by          needs [may take]   now",
        "finish  finish  Acceptance on the spot  王一 (p-1)  result [photos]    "
        "closed: this requires: all of orders are verified",
        "pause   pause                           王一 (p-1)  reason, resume_on  allowed",
        "fields: result (text), photos (list: photo), reason (text), resume_on (resume on; date)",
        "take one with `fujin case advance C1-202606a-0001 ACTION`",
    ]


def shown(hall: Hall, case: str, width: int = 0, colour: bool = False) -> str:
    state = hall.replay_case(case)
    children = hall.opened_cases(state)
    return case_page(
        state,
        hall.version_of_case(state),
        hall.summary(case),
        hall.calendar,
        hall.now,
        hall.workspace,
        children,
        width,
        colour,
    )


def test_the_page_of_a_case(hall: Hall) -> None:
    case = hall.handled()
    hall.at("2026-06-02T09:00").do(case, "refuse", "p-4", note="电话\n两次", reason="还是不亮")
    assert shown(hall, case) == (
        "C1-202606a-0001  Resident request\n"
        "Front Community · Front Lights Committee\n"
        "Handling · in 7 days\n"
        "due by 2026-06-09 17:00 +08:00\n"
        "owned by coordinator: 王一 (p-1)\n"
        "\n"
        "Fields\n"
        f"  summary   {SECRET}\n"
        "  topic     Lighting (lighting)\n"
        f"  reporter  in the vault: `fujin case contact C1-202606a-0001 --why …`\n"
        "  lead      Power Company (power)\n"
        f"  photos    sha256:{'0' * 64}.jpg\n"
        "  result    换了灯\n"
        "  reason    还是不亮\n"
        "\n"
        "Deadlines\n"
        "  first answer   met on 2026-06-01 09:00 +08:00, due by 2026-06-01 09:10 +08:00\n"
        "  whole request  met on 2026-06-01 09:00 +08:00, due by 2026-06-15 17:00 +08:00\n"
        "\n"
        "Cases opened by it\n"
        "  C1-202606a-0002  orders, Power Company (power)\n"
        "                     ended: Verified\n"
        "                     result: 灯已修好\n"
        "\n"
        "History; times are Asia/Shanghai, +08:00\n"
        "  1  2026-06-01 09:00  opened → Reported\n"
        "                         by 王一 (p-1)\n"
        f"                         summary: {SECRET}\n"
        f"                         reporter: {REPORTER}\n"
        "                         topic: Lighting (lighting)\n"
        "  2  2026-06-01 09:00  accept: Reported → Handling\n"
        "                         by 王一 (p-1)\n"
        "                         lead: Power Company (power)\n"
        "  3  2026-06-01 09:00  C1-202606a-0002 ended: verified\n"
        "  4  2026-06-01 09:00  finish: Handling → Acceptance on the spot\n"
        "                         by 王一 (p-1)\n"
        "                         result: 换了灯\n"
        f"                         photos: sha256:{'0' * 64}.jpg\n"
        "  5  2026-06-02 09:00  refuse: Acceptance on the spot → Handling\n"
        "                         by first complainant, entered by 钱四 (p-4)\n"
        "                         note: 电话\n"
        "                         两次\n"
        "                         reason: 还是不亮\n"
        "\n"
        "Open actions: `fujin case actions C1-202606a-0001`\n"
    )


def test_the_page_fits_a_narrow_terminal(hall: Hall) -> None:
    case = hall.handled()
    for width in (60, 80):
        assert all(cell_len(line) <= width for line in shown(hall, case, width).splitlines())
    assert "\x1b[1m" in shown(hall, case, 80, True)


def test_the_page_of_a_late_joined_case(hall: Hall) -> None:
    one, two = hall.request(), hall.request()
    hall.do(two, "merge", "p-1", duplicate_of=one)
    hall.at("2026-06-01T16:00").tick()
    text = shown(hall, one)
    assert "Reported · late, raised\n" in text
    assert "raised to: community\n" in text
    assert f"Merged cases\n  {two}  waits for this case\n" in text
    assert "deadline passed, raised to: community" in text
    assert "first answer   late: running, was due by 2026-06-01 09:10 +08:00" in text
    assert f"{one}  this case waits for it" in shown(hall, two)


def test_a_resident_cannot_move_the_cursor_of_who_reads(hall: Hall) -> None:
    case = hall.request(summary="\x1b[2J清屏\u202e反写")
    assert "\x1b" not in shown(hall, case) and "\u202e" not in shown(hall, case)
    assert "\x1b" not in shown(hall, case, 60)


def test_the_whole_case_as_json(hall: Hall) -> None:
    case = hall.handled()
    state = hall.replay_case(case)
    children = hall.opened_cases(state)
    found = case_page_json(state, hall.version_of_case(state), hall.summary(case), hall.calendar, hall.now, children)
    assert found["version"] == 1
    assert found["case"] == case and found["step"] == "acceptance"
    assert found["fields"]["reporter"] == REPORTER
    assert found["clocks"][0] == {
        "clock": "first-answer",
        "promised": True,
        "start": "2026-06-01T09:00:00+08:00",
        "due": "2026-06-01T09:10:00+08:00",
        "end": "2026-06-01T09:00:00+08:00",
        "reached": True,
        "late": False,
    }
    assert found["orders"] == [
        {
            "case": "C1-202606a-0002",
            "group": "orders",
            "each": "lead",
            "procedure": "order",
            "step": "verified",
            "outcome": "verified",
            "due": None,
            "overdue": False,
            "replaced": False,
            "partner": "power",
            "lead": None,
            "ended_with": {"action": "report", "set": {"result": "灯已修好"}, "note": None},
        }
    ]
    event = found["events"][1]
    assert event == {
        "n": 2,
        "at": "2026-06-01T09:00:00+08:00",
        "kind": "action",
        "by": "p-1",
        "entered_by": "p-1",
        "on_behalf_of": None,
        "action": "accept",
        "from": "reported",
        "to": "handling",
        "set": {"lead": "power"},
        "note": None,
        "amended": None,
        "undone": False,
        "migration": None,
        "hash": state.events[1].hash,
    }
    secret = state.code
    assert secret is not None and secret.hash not in str(found)


def test_an_order_whose_volume_cannot_be_read_is_shown_all_the_same(hall: Hall) -> None:
    case = hall.request()
    hall.do(case, "accept", "p-1", lead="power")
    state = hall.replay_case(case)
    text = case_page(
        state, hall.version_of_case(state), hall.summary(case), hall.calendar, hall.now, hall.workspace, [], 0, False
    )
    assert "  C1-202606a-0002  orders\n                     open\n" in text


def test_a_page_says_for_whom_an_order_is_until_when_and_why_it_came_back(hall: Hall) -> None:
    case = hall.request()
    hall.do(case, "accept", "p-1", lead="power")
    heading = "  C1-202606a-0002  orders, Power Company (power)\n                     "
    assert f"{heading}Sent, in 32 h, due by 2026-06-02 17:00\n" in shown(hall, case)
    hall.do("C1-202606a-0002", "recall", "p-4", note="派错了单位")
    assert f"{heading}ended: Recalled\n                     note: 派错了单位\n" in shown(hall, case)
