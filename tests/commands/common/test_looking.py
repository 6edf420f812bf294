"""Commands that only look: lists, pages, filters, formats; and that looking changes nothing."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest

from tests.support.command_line import COORDINATOR, INSPECTOR, MONDAY, City, Finished, Handled
from tests.support.terminal import on_terminal

TUESDAY = "2026-06-02T10:30"
LOOKS = (
    "case list",
    "case list --all",
    "case list --overdue",
    "case list --mine --as p-0001",
    "case show {case}",
    "case actions {case}",
    "status",
    "outbox list",
    "outbox list --contacts",
    "tick --dry-run --now 2026-06-02T10:30",
    "validate",
    "procedure list",
    "procedure show resident-request",
    "procedure show work-order --diagram",
    "community list",
    "community show XF01",
    "committee list",
    "committee show XF01-environment",
    "roster list",
    "roster show XF01-environment",
    "partner list",
    "partner show police",
    "ledger verify",
    "explain FJ102",
    "config",
    "config --origin",
    "doctor",
    "init elsewhere --dry-run",
    "completion bash",
    "case --help",
)


@pytest.mark.parametrize("typed", LOOKS)
def test_looking_changes_nothing(city: City, finished: Finished, typed: str) -> None:
    logs = ("data/cache", "data/contacts/access") if "--contacts" in typed else ("data/cache",)
    before = city.tree(*logs)
    ran = city.run(*typed.format(case=finished.case).split())
    assert (ran.code, ran.err) == (0, "")
    assert ran.out
    assert city.tree(*logs) == before


@pytest.mark.parametrize("typed", [typed for typed in LOOKS if typed not in ("completion bash", "case --help")])
def test_every_answer_is_one_json_object_of_version_1(city: City, finished: Finished, typed: str) -> None:
    ran = city.run(*typed.format(case=finished.case).split(), "--json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.count("\n") == 1
    assert ran.json["version"] == 1


TABLES = [
    typed
    for typed in LOOKS
    if re.search(r" list|^status|^config|^doctor|actions|roster show", typed) and "contacts" not in typed
]


@pytest.mark.parametrize("typed", TABLES)
def test_piped_tables_are_tsv_uncut_and_uncoloured(city: City, finished: Finished, typed: str) -> None:
    words = typed.format(case=finished.case).split()
    piped = city.run(*words, env={"COLUMNS": "20"})
    assert "\x1b" not in piped.out
    rows = [line.split("\t") for line in piped.out.splitlines()]
    assert len({len(row) for row in rows}) == 1
    assert "…" not in piped.out
    assert city.run(*words, "--format", "tsv").out == piped.out


def test_tsv_on_a_terminal_too(city: City) -> None:
    code, screen = on_terminal(city, ["community", "list", "--format", "tsv"], columns=40)
    assert code == 0
    assert screen == city.run("community", "list").out


@pytest.mark.slow
def test_colour_on_a_terminal_unless_it_is_unwanted(city: City) -> None:
    assert "\x1b[" in on_terminal(city, ["community", "show", "XF01"])[1]
    for unwanted in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        plain = City(city.folder, env=unwanted)
        if "TERM" in unwanted:
            screen = plain.spawn("community", "show", "XF01").out
        else:
            screen = on_terminal(plain, ["community", "show", "XF01"])[1]
        assert "\x1b" not in screen
    refused = City(city.folder, env={"NO_COLOR": "1"})
    assert "\x1b" not in on_terminal(refused, ["case", "show", "nope"])[1]


# lists


def test_the_list_shows_what_is_open_and_all_what_was(city: City, handled: Handled) -> None:
    second = city.open(community="XF02", topic="water", now=TUESDAY)["case"]
    city.do(second, "decline", "--set", "reason=不属于社区职责", now=TUESDAY, actor="p-0018")
    orders = list(handled.orders)
    assert [entry["case"] for entry in city.ask("case", "list")["cases"]] == [handled.case, *orders]
    everything = city.ask("case", "list", "--all", now=TUESDAY)["cases"]
    assert [entry["case"] for entry in everything] == [handled.case, *orders, second]
    assert everything[-1]["outcome"] == "declined"
    assert all(entry["outcome"] is None for entry in everything[:-1])


def listed(city: City, *more: str, now: str = TUESDAY) -> list[str]:
    """The ids that a list shows."""
    return [entry["case"] for entry in city.ask("case", "list", *more, now=now)["cases"]]


@pytest.mark.slow
def test_filters(city: City, handled: Handled) -> None:
    other = city.open(community="XF02", topic="water", now=TUESDAY)["case"]
    everything = [handled.case, *handled.orders, other]
    assert listed(city) == everything
    assert listed(city, "--community", "XF02") == [other]
    assert listed(city, "--community", "XF02", "--community", "XF01") == everything
    assert listed(city, "--community", "XF03") == []
    assert listed(city, "--procedure", "work-order") == handled.orders
    assert listed(city, "--step", "handling") == [handled.case]
    assert listed(city, "--committee", "XF01-environment") == [handled.case, *handled.orders]
    assert listed(city, "--mine", "--as", COORDINATOR) == [handled.case]
    assert listed(city, "--mine", "--as", "police") == [handled.orders[1]]
    assert listed(city, "--overdue") == handled.orders  # nobody acknowledged them on Monday
    assert listed(city, "--overdue", now="2026-06-01T09:06") == []
    assert listed(city, "--overdue", "--procedure", "resident-request", now="2026-06-12T09:00") == [handled.case, other]


@pytest.mark.slow
def test_a_list_says_the_same_from_its_cache_without_it_and_beside_a_broken_one(city: City, handled: Handled) -> None:
    cache = city.folder / "data" / "cache"
    first = city.ask("case", "list", now=TUESDAY)
    assert city.ask("case", "list", now=TUESDAY) == first
    for path in cache.iterdir():
        path.write_text("{", "utf-8")
    assert city.ask("case", "list", now=TUESDAY) == first
    for path in cache.iterdir():
        path.unlink()
    cache.rmdir()
    assert city.ask("case", "list", now=TUESDAY) == first
    case = city.open(community="XF02", topic="water", now=TUESDAY)["case"]
    assert [entry["case"] for entry in city.ask("case", "list", now=TUESDAY)["cases"]][-1] == case
    city.do(handled.orders[0], "acknowledge", now="2026-06-01T09:30", actor="city-management")
    assert city.ask("case", "list", "--step", "working", now=TUESDAY)["cases"][0]["case"] == handled.orders[0]


def test_status_counts(city: City, handled: Handled, finished: Finished) -> None:
    rows = city.ask("status", now="2026-06-04T09:00")["rows"]
    (acceptance,) = (row for row in rows if row["step"] == "acceptance")
    assert (acceptance["open"], acceptance["due_today"], acceptance["awaiting_acceptance"]) == (1, 1, 1)
    (late,) = (row for row in city.ask("status", now="2026-06-05T09:00")["rows"] if row["step"] == "acceptance")
    assert late["overdue"] == 1
    assert city.ask("status", "--community", "XF02")["rows"] == []


@pytest.mark.slow
def test_options_of_every_command_may_stand_before_its_name(city: City, tmp_path: Path) -> None:
    elsewhere = City(tmp_path)
    after = elsewhere.run("case", "list", "-w", str(city.folder), "--json")
    assert after.code == 0
    for before in (("-w", str(city.folder), "--json"), (f"--workspace={city.folder}", "--format", "json")):
        assert elsewhere.run(*before, "case", "list") == after
    noted = city.open()["case"]
    assert city.run("--as", COORDINATOR, "case", "note", noted, "--", "--json").code == 0
    assert city.history(noted)[-1]["note"] == "--json"
    assert city.run("--json", "--help").code == 2
    assert city.run("--json").code == 2


def test_status_again_and_again_until_ctrl_c(city: City, finished: Finished) -> None:
    typed = ["status", "--watch", "--every", "1", "--now", TUESDAY]
    code, screen = on_terminal(city, typed, end=signal.SIGINT, wait=15)
    assert code == 130
    assert screen.count("\x1b[2J") == 1 and screen.count("\x1b[H") >= 1  # drawn over the page before
    assert "as of 2026-06-02 10:30 +08:00" in screen
    assert "Traceback" not in screen


def test_actions_say_who_and_why_not(city: City, finished: Finished) -> None:
    known = {entry["action"]: entry for entry in city.ask("case", "actions", finished.case, now=TUESDAY)["actions"]}
    assert set(known) == {"approve", "refuse", "try", "give-up", "note", "correct"}
    assert known["approve"]["open"] and INSPECTOR in known["approve"]["who"]
    assert known["refuse"]["needs"] == ["reason"]
    assert not known["give-up"]["open"] and known["give-up"]["why_not"]
    case, code = finished
    city.do(case, "approve", "--code", code, now=TUESDAY, actor=INSPECTOR)
    after = {entry["action"]: entry["open"] for entry in city.ask("case", "actions", case, now=TUESDAY)["actions"]}
    assert after == {"reopen": True}
    later = city.ask("case", "actions", case, now="2026-07-15T09:00")["actions"]
    assert [entry["open"] for entry in later] == [False]


@pytest.mark.slow
def test_the_organisation(city: City) -> None:
    assert len(city.ask("community", "list")["communities"]) == 13
    assert len(city.ask("committee", "list")["committees"]) == 17
    of_one = city.ask("committee", "list", "--community", "XF01")["committees"]
    assert [entry["committee"] for entry in of_one] == ["XF01-environment", "XF01-opinion"]
    shown = city.ask("committee", "show", "XF01-environment", now=MONDAY)
    assert len(shown["members"]) == shown["seats"]["head"] + shown["seats"]["member"]
    partners = city.ask("partner", "list", "--sort", "department")["partners"]
    assert len(partners) == 15
    can = city.ask("partner", "list", "--can", "sanitation", "--community", "XF01")["partners"]
    assert "city-management" in [entry["partner"] for entry in can]
    assert all("sanitation" in entry["can"] for entry in can)
    roster = city.ask("roster", "show", "XF01-environment", now="2030-01-01T09:00")
    assert roster["serving"] == 0  # all terms have ended by then
    assert [entry["procedure"] for entry in city.ask("procedure", "list")["procedures"]] == [
        "joint-conference",
        "objection",
        "resident-request",
        "work-order",
    ]


def test_the_diagram_is_mermaid(city: City) -> None:
    plain = city.run("procedure", "show", "work-order", "--diagram").out
    assert plain.splitlines()[0].startswith("stateDiagram")
    assert "[*] --> s1" in plain and "s1 : Sent" in plain
    data = city.ask("procedure", "show", "work-order", "--diagram")
    assert data["mermaid"].rstrip("\n") == plain.rstrip("\n")


def test_every_code_that_is_listed_can_be_explained(city: City) -> None:
    from fujin_cli.rules.registry import codes

    assert len(codes()) > 20
    for code in codes():
        assert code in city.run("explain", code).out
        assert city.run("explain", code.lower()).code == 0


@pytest.mark.slow
def test_doctor_says_what_is_wrong(city: City) -> None:
    checks = {entry["check"]: entry["state"] for entry in city.ask("doctor")["checks"]}
    assert checks["python"] == checks["yaml parser"] == checks["workspace"] == checks["configuration"] == "ok"
    (city.folder / "workflows" / "menu.yaml").write_text("menu: [", "utf-8")
    ran = city.run("doctor", "--json")
    assert ran.code == 1
    assert {entry["check"]: entry["state"] for entry in ran.json["checks"]}["configuration"] == "bad"
    outside = City(city.folder.parent).run("doctor")
    assert outside.code == 0
    assert "fujin init" in outside.out


def test_config_says_where_each_setting_comes_from(city: City) -> None:
    rows = {row["setting"]: row for row in city.ask("config", "--origin", "--as", COORDINATOR)["settings"]}
    assert (rows["actor"]["value"], rows["actor"]["origin"]) == (COORDINATOR, "--as")
    assert (rows["language"]["value"], rows["language"]["origin"]) == ("en", "FUJIN_LANG")
    assert rows["zone"]["value"] == "Asia/Shanghai"
    env = {"FUJIN_AS": "p-0103", "FUJIN_LANG": "", "LANG": "zh_CN.UTF-8", "FUJIN_LOCK_WAIT": "3"}
    rows = {row["setting"]: row for row in city.run("config", "--json", env=env).json["settings"]}
    assert (rows["actor"]["value"], rows["actor"]["origin"]) == ("p-0103", "FUJIN_AS")
    assert (rows["language"]["value"], rows["language"]["origin"]) == ("zh", "LANG")
    assert rows["lock wait"]["value"].startswith("3")
