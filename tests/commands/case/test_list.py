"""``fujin case list``: which cases it lists, in which order, and what each says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fujin_cli.core.listing.filters import COLUMN_NAMES
from fujin_cli.render.cases.list_columns import COLUMNS
from tests.support.command_line import COORDINATOR, INSPECTOR, PRIVATE, City
from tests.support.terminal import on_terminal

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


def columns_of(town: City, *options: str) -> list[list[str]]:
    ran = town.run("case", "list", *options, now=NOON)
    assert (ran.code, ran.err) == (0, "")
    return [row.split("\t") for row in ran.out.splitlines()]


def test_columns_are_chosen_and_ordered_fields_of_cases_too(town: City) -> None:
    assert columns_of(town, "--columns", "place, case，scope", "--community", "XF01") == [
        ["place", "case", "scope"],
        ["１号楼北侧", LAMP, "building"],
        ["", BINS, "building"],
    ]


def test_a_contact_is_a_column_that_says_only_that_there_is_one(town: City) -> None:
    for columns in ("case,contact", "case,reporter"):
        assert columns_of(town, "--columns", columns)[1] == [LAMP, "yes"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--columns case,plase", "there is no column plase\nhelp: did you mean place"),
        ("--view todya", "there is no view todya\nhelp: did you mean today?"),
    ],
)
def test_an_unknown_column_or_view_names_the_nearest(town: City, options: str, words: str) -> None:
    ran = town.run("case", "list", *options.split(), now=NOON)
    assert (ran.code, ran.out) == (2, "") and words in ran.err


def test_every_column_can_be_shown(town: City) -> None:
    assert set(COLUMNS) == set(COLUMN_NAMES)
    assert columns_of(town, "--columns", ",".join(COLUMNS))[0] == list(COLUMNS)
    assert columns_of(town, "--all", "--columns", "case,outcome")[3] == [DONE, "declined"]


def test_the_built_in_views(town: City, finished_town: City) -> None:
    assert listed(town, "--view", "today") == [BINS, PIPE]
    assert listed(town, "--view", "mine", "--as", COORDINATOR) == [LAMP, BINS]
    assert listed(town, "--view", "waiting") == []
    assert listed(finished_town, "--view", "waiting", now="2026-06-02T11:00") == ["XF01-202606a-0001"]


def test_views_of_the_workspace_and_of_the_user(town: City, tmp_path: Path) -> None:
    shutil.copytree(town.folder, tmp_path / "city")
    city = City(tmp_path / "city", env={"XDG_CONFIG_HOME": str(tmp_path)})
    head = city.folder / "workflows" / "workspace.yaml"
    green = "{title: {en: Trees, zh: 绿化}, topic: greening, all: yes, sort: -case, columns: [case, place]}"
    head.write_text(head.read_text("utf-8") + f"views:\n  green: {green}\n", "utf-8")
    assert city.run("validate").code == 0
    assert columns_of(city, "--view", "green") == [["case", "place"], [DONE, ""], [LAMP, "１号楼北侧"]]
    assert columns_of(city, "--view", "green", "--columns", "case", "--search", "太亮") == [["case"], [DONE]]
    own = tmp_path / "fujin" / "views.yaml"
    own.parent.mkdir()
    own.write_text("today: {overdue: yes}\npipes: {community: XF02}\n", "utf-8")
    assert listed(city, "--view", "pipes") == [PIPE]
    assert listed(city, "--view", "today") == [BINS]
    shown = city.ask("case", "list", "--views")["views"]
    assert [(view["view"], view["file"]) for view in shown] == [
        ("mine", None),
        ("today", str(own)),
        ("waiting", None),
        ("green", "workflows/workspace.yaml"),
        ("pipes", str(own)),
    ]
    assert shown[3]["filters"] == {"topic": "greening", "all": True} and shown[3]["title"] == "Trees"
    assert "Trees" in city.run("case", "list", "--views", "--format", "text").out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [1, 2", "cannot be read"),
        ("a: {tpoic: lighting}", "the view a has an unknown key tpoic"),
        ("a: {topic: [lighting]}", "in the view a, topic is a text"),
        ("a: {columns: {x: y}}", "in the view a, columns is a text or a list of texts"),
        ("- a", "views are a mapping of names"),
        ("a: !!python/object:os.system x", "cannot be read"),
    ],
)
def test_a_broken_file_of_own_views_is_wrong_usage(town: City, tmp_path: Path, text: str, words: str) -> None:
    own = tmp_path / "fujin" / "views.yaml"
    own.parent.mkdir()
    own.write_text(text, "utf-8")
    ran = town.run("case", "list", "--view", "a", env={"XDG_CONFIG_HOME": str(tmp_path)})
    assert (ran.code, ran.out) == (2, "") and words in ran.err and str(own) in ran.err
    assert town.run("case", "list", env={"XDG_CONFIG_HOME": str(tmp_path)}).code == 0


def test_the_round_of_an_inspector_fits_one_page(finished_town: City) -> None:
    entitled = ("case", "list", "--can", "approve", "--today", "--format", "text")
    page = finished_town.run(*entitled, now="2026-06-04T09:00", env={"COLUMNS": "80"}).out
    assert "place" in page and "contact" in page and "yes" in page
    assert not any(word in page for word in PRIVATE)


def test_a_board_for_people_is_the_table_for_programs(town: City) -> None:
    board = town.run("case", "list", "--board", "--format", "text", now=NOON).out
    assert "Deliberating (1)" in board and "Reported (2)" in board and "3 cases, 1 overdue" in board
    assert columns_of(town, "--board")[0][:2] == ["case", "procedure"]
    assert [case["case"] for case in town.ask("case", "list", "--board", now=NOON)["cases"]] == [LAMP, BINS, PIPE]


@pytest.mark.parametrize(
    ("pager", "options", "is_paged"),
    [
        ("sed s/^/paged:/", "", True),
        ("sed s/^/paged:/", "--no-pager", False),
        ("cat", "", False),
        ("", "", False),
        ("no-such-pager", "", False),
        ("sed '", "", False),
    ],
)
def test_a_long_list_is_shown_in_a_pager_on_a_terminal(town: City, pager: str, options: str, is_paged: bool) -> None:
    city = City(town.folder, env={"PAGER": pager or " ", "LINES": "6"})
    code, screen = on_terminal(city, ["case", "list", "--all", "--now", NOON, *options.split()])
    assert code == 0 and ("paged:" in screen) == is_paged
    assert LAMP[:8] in screen


def test_no_pager_where_the_list_fits_or_nobody_wants_one(town: City) -> None:
    words = ["case", "list", "--now", NOON]
    assert "paged:" not in on_terminal(City(town.folder, env={"PAGER": "sed s/^/paged:/"}), words)[1]
    off = City(town.folder, env={"PAGER": "sed s/^/paged:/", "NO_PAGER": "1", "LINES": "6"})
    assert "paged:" not in on_terminal(off, words)[1]


def test_status_takes_a_view(town: City) -> None:
    rows = town.ask("status", "--view", "today", now=NOON)["rows"]
    assert [(row["community"], row["open"]) for row in rows] == [("XF01", 1), ("XF02", 1)]
    assert town.ask("status", "--view", "mine", "--as", COORDINATOR, now=NOON)["rows"][0]["open"] == 1
    assert town.run("status", "--view", "todya").code == 2
