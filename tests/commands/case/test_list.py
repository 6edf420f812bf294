"""``fujin case list``: which cases it lists, in which order, and what each says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.command_line import COORDINATOR, INSPECTOR, City

NOON = "2026-06-01T12:00"
LAMP, BINS, PIPE, DONE = "XF01-202606a-0001", "XF01-202606a-0002", "XF02-202606a-0001", "XF01-202606a-0003"


@pytest.fixture(scope="module")
def town(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> City:
    """Three open requests and one that was declined; only the lamp was accepted."""
    folder = tmp_path_factory.mktemp("listed") / "city"
    shutil.copytree(shipped, folder)
    city = City(folder)
    city.open(summary="北门「路 灯」坏了", topic="greening", place="１号楼北侧")
    city.do(LAMP, "accept", now="2026-06-01T09:05")
    city.open(summary="垃圾桶满了", now="2026-06-01T09:10")
    city.ask("case", "note", BINS, "已电话联系，旁边的ＬＥＤ灯也不亮", "--as", COORDINATOR, now="2026-06-01T09:20")
    city.open(summary="Pipe bursts", topic="water", community="XF02", now="2026-06-01T11:55")
    city.open(summary="路灯太亮", topic="greening")
    city.do(DONE, "decline", "--set", "reason=重复", now="2026-06-01T09:06")
    return city


def listed(town: City, *options: str, now: str = NOON) -> list[str]:
    return [case["case"] for case in town.ask("case", "list", *options, now=now)["cases"]]


@pytest.mark.parametrize(
    ("options", "cases"),
    [
        ("", [LAMP, BINS, PIPE]),
        ("--all", [LAMP, BINS, DONE, PIPE]),
        ("--topic greening", [LAMP]),
        ("--topic greening --all", [LAMP, DONE]),
        ("--owner p-0001", [LAMP, BINS]),
        ("--owner coordinator", [LAMP, BINS, PIPE]),
        ("--owner city-management", []),
        ("--partner police", []),
        ("--search 路灯", [LAMP]),
        ("--search 路灯 --all", [LAMP, DONE]),
        ("--search 1号楼", [LAMP]),
        ("--search led", [BINS]),
        ("--search PIPE", [PIPE]),
        ("--search 垃圾 --community XF02", []),
        ("--search 样例", []),
        ("--can accept", [BINS, PIPE]),
        ("--can accept --as p-0001", [BINS]),
        ("--can accept --as p-0103", []),
        ("--today", [BINS, PIPE]),
        ("--overdue", [BINS]),
        ("--unassigned", []),
        ("--sort opened", [LAMP, BINS, PIPE]),
        ("--sort -opened", [PIPE, BINS, LAMP]),
        ("--sort urgency", [BINS, PIPE, LAMP]),
        ("--sort -case", [PIPE, BINS, LAMP]),
        ("--sort topic", [LAMP, BINS, PIPE]),
    ],
)
def test_a_filter_chooses_and_an_order_sorts(town: City, options: str, cases: list[str]) -> None:
    assert listed(town, *options.split()) == cases


def test_what_a_contact_says_is_never_searched(town: City) -> None:
    assert listed(town, "--search", "样例·周某", "--all") == []
    assert listed(town, "--search", "vault:", "--all") == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--topic greenign", "did you mean"),
        ("--partner polise", "did you mean"),
        ("--owner p-00001", "did you mean"),
        ("--can acept", "did you mean accept?"),
        ("--sort opend", "did you mean opened?"),
        ("--search=\u200b", "error: the text to search for is empty"),
    ],
)
def test_an_unknown_name_is_wrong_usage(town: City, options: str, words: str) -> None:
    ran = town.run("case", "list", *options.split(" "), now=NOON)
    assert (ran.code, ran.out) == (2, "") and words in ran.err


def test_a_title_stands_for_an_owner(town: City) -> None:
    assert listed(town, "--owner", "黄红梅") == [LAMP, BINS]
    assert listed(town, "--partner", "公安部门") == []


def test_a_role_that_nobody_fills_any_more_is_unassigned(town: City) -> None:
    """Terms of office end without a change of any file: the summaries of a day hold for that day."""
    assert listed(town, "--unassigned", now="2026-06-01T12:00") == []
    assert listed(town, "--unassigned", now="2040-06-01T12:00") == [LAMP, BINS, PIPE]
    assert listed(town, "--owner", "p-0001", now="2026-06-01T12:00") == [LAMP, BINS]


def test_the_screen_shows_the_most_urgent_first_and_a_pipe_keeps_the_order_of_ids(town: City) -> None:
    drawn = town.run("case", "list", "--format", "text", now=NOON).out
    assert drawn.index(BINS) < drawn.index(PIPE) < drawn.index(LAMP)
    assert "3 cases, 1 overdue" in drawn
    piped = town.run("case", "list", now=NOON).out
    assert [row.split("\t")[0] for row in piped.splitlines()] == ["case", LAMP, BINS, PIPE]
    assert "overdue" not in piped


def test_the_inspector_sees_who_can_be_asked_today(town: City, finished_town: City) -> None:
    assert listed(finished_town, "--can", "approve", "--today", now="2026-06-04T09:00") == ["XF01-202606a-0001"]
    assert listed(finished_town, "--can", "approve", "--today", now="2026-06-02T11:00") == []
    entitled = ("--can", "approve", "--as", INSPECTOR)
    assert listed(finished_town, *entitled, now="2026-06-04T09:00") == ["XF01-202606a-0001"]
    assert listed(finished_town, "--can", "approve", "--as", COORDINATOR, now="2026-06-04T09:00") == []


@pytest.fixture(scope="module")
def finished_town(_finished: tuple[Path, object]) -> City:
    """One case that waits for its reporter's word since 10:00 on the second of June; read only."""
    return City(_finished[0])


def test_orders_and_partners_of_a_case(finished_town: City) -> None:
    (case,) = finished_town.ask("case", "list", "--partner", "police", now="2026-06-02T11:00")["cases"]
    assert case["partners"] == ["city-management", "police"]
    assert [(order["group"], order["outcome"]) for order in case["orders"]] == [("orders", "verified")] * 2
    assert (case["owner"], case["summary"], case["topic"]) == ("inspector", "三号楼的垃圾桶满了", "sanitation")
