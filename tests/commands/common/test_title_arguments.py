"""Titles where commands take ids: the id that is taken is told, an ambiguous title is refused, a wrong one helped."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.command_line import COORDINATOR, INSPECTOR, City

AS = ("--as", COORDINATOR)


@pytest.fixture(scope="module")
def accepted(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[City, str]:
    """A case that waits to be dispatched, for tests that only read."""
    folder = tmp_path_factory.mktemp("accepted") / "city"
    shutil.copytree(shipped, folder)
    city = City(folder)
    case = city.open()["case"]
    city.do(case, "accept")
    return city, case


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        (("case", "list", "--community", "福前社区"), "福前社区 is XF01"),
        (("case", "list", "--community", "fuqian"), "fuqian is XF01"),
        (("case", "list", "--procedure", "居民诉求闭环办理"), "居民诉求闭环办理 is resident-request"),
        (("case", "list", "--committee", "福前社区环境管护专委会"), "福前社区环境管护专委会 is XF01-environment"),
        (("case", "list", "--step", "议事分流"), "议事分流 is deliberating"),
        (("case", "list", "--mine", "--as", "黄红梅"), "黄红梅 is p-0001"),
        (("status", "--community", "Fuqian Community"), "Fuqian Community is XF01"),
        (("tick", "--dry-run", "--community", "福前社区"), "福前社区 is XF01"),
        (("outbox", "list", "--to", "黄红梅"), "黄红梅 is p-0001"),
        (("community", "show", "福前社区"), "福前社区 is XF01"),
        (("committee", "show", "福前社区环境管护专委会"), "福前社区环境管护专委会 is XF01-environment"),
        (("partner", "show", "公安部门"), "公安部门 is police"),
        (("partner", "list", "--can", "环境卫生"), "环境卫生 is sanitation"),
        (("roster", "show", "福前社区环境管护专委会"), "福前社区环境管护专委会 is XF01-environment"),
        (("procedure", "show", "居民诉求"), "居民诉求 is resident-request"),
    ],
)
def test_a_title_stands_for_its_id(accepted: tuple[City, str], typed: tuple[str, ...], taken: str) -> None:
    city, _case = accepted
    ran = city.run(*typed)
    assert (ran.code, ran.err.splitlines()[0]) == (0, taken), ran
    assert ran.out and not city.run(*typed, "--json").err


def test_titles_as_values_of_fields(accepted: tuple[City, str]) -> None:
    city, case = accepted
    typed = ("case", "advance", case, "dispatch", "--set", "lead=城市管理部门", "--set", "partners=公安部门、housing")
    ran = city.run(*typed, *AS, "--dry-run")
    assert ran.code == 0
    assert ran.err.splitlines()[:2] == ["城市管理部门 is city-management", "公安部门 is police"]
    opening = ("case", "open", "居民诉求", "--community", "福前社区", "--set", "summary=x", "--set", "topic=环境卫生")
    opened = city.run(
        *opening, "--set", "scope=一栋楼", "--set", "reporter=@-", *AS, "--dry-run", stdin="name: 样例\nphone: 0\n"
    )
    assert opened.code == 0 and "一栋楼 is building" in opened.err.splitlines(), opened


def test_what_is_written_has_the_ids(city: City) -> None:
    # given two cases whose inputs are ids and titles, with the same request id
    case = city.open(topic="环境卫生", scope="一栋楼")["case"]
    city.do(case, "accept")
    first = city.do(case, "dispatch", "--set", "lead=city-management", "--set", "partners=police", "--request-id", "r")
    # then the request is the same one
    again = city.do(case, "dispatch", "--set", "lead=城市管理部门", "--set", "partners=公安部门", "--request-id", "r")
    assert first["event"] == again["event"] and again["repeated"]
    fields = city.ask("case", "show", case)["fields"]
    assert (fields["topic"], fields["scope"], fields["lead"]) == ("sanitation", "building", "city-management")


def test_the_name_in_the_environment(accepted: tuple[City, str]) -> None:
    city, case = accepted
    ran = city.run("case", "note", case, "x", "--dry-run", env={"FUJIN_AS": "黄红梅"})
    assert (ran.code, ran.err) == (0, "")
    assert city.run("case", "list", env={"FUJIN_AS": "无此人"}).code == 0  # nobody acts here
    assert city.run("case", "note", case, "x", "--dry-run", env={"FUJIN_AS": "无此人"}).code == 2


def test_an_action_by_its_title(accepted: tuple[City, str]) -> None:
    city, case = accepted
    ran = city.run("case", "advance", case, "派单", "--set", "lead=police", *AS, "--dry-run")
    assert (ran.code, ran.err.splitlines()[0]) == (0, "派单 is dispatch")
    assert city.run("case", "advance", case, "派", *AS, "--dry-run").code == 1  # the beginning of a title will not do


def test_a_reference_to_a_case_as_a_value(city: City) -> None:
    one, two = city.open()["case"], city.open()["case"]
    ran = city.run("case", "advance", "0002", "duplicate", "--set", "duplicate_of=0001", "--as", INSPECTOR, "--dry-run")
    assert {f"0002 is {two}", f"0001 is {one}"} <= set(ran.err.splitlines())


@pytest.mark.parametrize(
    ("typed", "help"),
    [
        (("community", "show", "福前小区"), "Fuqian Community (XF01)"),
        (("partner", "show", "公安局"), "Police Department (police)"),
        (("case", "list", "--community", "东平社区委"), "Dongping Community (XF02)"),
        (("case", "list", "--mine", "--as", "黄红"), "黄红梅 (p-0001)"),
    ],
)
def test_a_wrong_title_is_answered_with_the_nearest(
    accepted: tuple[City, str], typed: tuple[str, ...], help: str
) -> None:
    ran = accepted[0].run(*typed)
    assert (ran.code, ran.out) == (2, "") and help in ran.err


def test_a_wrong_value_is_answered_with_the_nearest(accepted: tuple[City, str]) -> None:
    city, case = accepted
    refused = city.refusal("case", "advance", case, "dispatch", "--set", "lead=公安局", *AS)
    assert "choose one of Police Department (police), civil-affairs" in refused["message"]


def test_a_title_of_several_things_is_refused_with_their_list(accepted: tuple[City, str]) -> None:
    ran = accepted[0].run("committee", "show", "福前社区")
    assert (ran.code, ran.out) == (2, "")
    assert "(XF01-environment)" in ran.err and "(XF01-opinion)" in ran.err and "help: write the id" in ran.err
