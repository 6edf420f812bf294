"""A file that a case depends on is invalid: who writes is told the file and the line, and no default stands in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command_line import CONTACT, COORDINATOR, INSPECTOR, LEAD, City, Handled

NOW = "2026-06-02T10:30"
OPEN = ("case", "open", "resident-request", "--community", "XF01", "--as", "p-0105", "--set", "summary=a")


def edit(city: City, path: str, old: str, new: str) -> tuple[str, int]:
    """Replace a text of a file; the file and the line of the replaced text."""
    file: Path = city.folder / "workflows" / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return f"workflows/{path}", text[: text.index(old)].count("\n") + 1


SETTINGS = {
    "a zone": ("zone: Asia/Shanghai", "zone: Asia/Shangai"),
    "a misspelt zone key": ("zone: Asia", "zoen: Asia"),
    "hours": ('"13:30-17:00"', '"13:30-25:00"'),
    "hours that overlap": ('"13:30-17:00"', '"09:30-17:00"'),
    "a misspelt hours key": ("office_hours:", "ofice_hours:"),
    "a week": ("office_hours:", "week: [monday, funday]\noffice_hours:"),
    "a holiday": ("{country: CN}", "{country: CN, years: {2027: {holidays: [2027-02-30]}}}"),
    "a holiday of another year": ("{country: CN}", "{country: CN, years: {2027: {holidays: [2030-02-01]}}}"),
    "a country": ("{country: CN}", "{country: XX}"),
    "a calendar": ("{country: CN}", "often"),
    "a key twice": ("zone: Asia/Shanghai", "zone: Asia/Shanghai\nzone: Asia/Tokyo"),
}


QUICK = ("a zone",)


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in SETTINGS]
)
def test_an_invalid_setting_of_time_stops_what_writes(city: City, handled: Handled, name: str) -> None:
    path, line = edit(city, "workspace.yaml", *SETTINGS[name])
    before = city.tree("data/cache")
    for command in (
        ("case", "note", handled.case, "x", "--as", COORDINATOR),
        ("tick",),
        (*OPEN, "--set", "reporter=@-"),
    ):
        ran = city.run(*command, "--json", now="2026-07-30T10:30", stdin=CONTACT)
        assert (ran.code, ran.json["refused"]["code"]) == (1, "FJ827"), (command, ran)
        assert f"{path}:" in ran.json["refused"]["message"]
        if name != "a key twice":
            assert abs(int(ran.json["refused"]["message"].split(f"{path}:")[1].split(":")[0]) - line) <= 1
    assert city.tree("data/cache") == before
    listed = city.run("case", "list", "--json", now=NOW)
    assert listed.code == 0 and listed.json["cases"]
    assert all(case["due"] is None and not case["overdue"] for case in listed.json["cases"])
    assert "no deadline is shown" in listed.err and f"{path}:" in listed.err
    assert city.run("case", "show", handled.case, now=NOW).code == 0
    assert city.run("doctor", now=NOW).code == 1


def test_an_invalid_title_stops_nothing(city: City, handled: Handled) -> None:
    edit(city, "workspace.yaml", "rehearsal: yes", "rehearsal: yes\ncolour: red")
    assert city.run("case", "note", handled.case, "x", "--as", COORDINATOR, now=NOW).code == 0


@pytest.mark.slow
def test_an_invalid_roster_stops_the_cases_of_its_community(city: City) -> None:
    bad, good = city.open()["case"], city.open(community="XF02", topic="water")["case"]
    path, line = edit(city, "rosters/XF01.yaml", "roles: [", "rols: [")
    ran = city.run("case", "note", bad, "x", "--as", "p-0105", "--json", now=NOW)
    assert (ran.code, ran.json["refused"]["code"]) == (1, "FJ827"), ran
    assert f"{path}:{line}:" in ran.json["refused"]["message"]
    ticked = city.run("tick", "--json", now=NOW)
    assert ticked.code == 1 and f"{path}:{line}:" in ticked.err
    assert {fired["case"] for fired in ticked.json["fired"]} == {good}
    assert len(city.history(bad)) == 1
    assert city.run(*OPEN, "--set", "reporter=@-", now=NOW, stdin=CONTACT).code == 1


@pytest.mark.slow
@pytest.mark.parametrize("cut", [False, True])
def test_an_invalid_committee_is_not_left_out(city: City, cut: bool) -> None:
    case = city.open()["case"]
    committee = city.ask("case", "show", case)["committee"]
    place = next(iter(sorted((city.folder / "workflows" / "committees").glob(f"{committee}*"))))
    path = f"committees/{place.name}"
    edit(city, path, "kind:", "kind: [" if cut else "knid:")
    for command in (("case", "note", case, "x", "--as", "p-0105"), (*OPEN, "--set", "reporter=@-")):
        ran = city.run(*command, "--json", now=NOW, stdin=CONTACT)
        assert (ran.code, ran.json["refused"]["code"]) == (1, "FJ827"), ran
        assert f"workflows/{path}:" in ran.json["refused"]["message"]


@pytest.mark.slow
def test_an_invalid_procedure_stops_only_what_needs_it(city: City) -> None:
    case, _code, orders = city.dispatched()
    other = city.open()["case"]
    city.do(other, "accept", now="2026-06-01T09:05")
    order, partner = orders[0], LEAD
    city.do(order, "acknowledge", now="2026-06-01T09:30", actor=partner)
    city.do(order, "report-done", "--set", "result=x", now="2026-06-02T09:00", actor=partner)
    path, _line = edit(city, "procedures/work-order.yaml", "within: ", "within: 1 fortnight # ")
    verify = ("case", "advance", order, "verify", "--as", INSPECTOR)  # the parent is told the outcome
    dispatch = ("case", "advance", other, "dispatch", "--as", COORDINATOR, "--set", f"lead={LEAD}")
    for command in (verify, dispatch):
        ran = city.run(*command, "--json", now="2026-06-02T09:30")
        assert (ran.code, ran.json["refused"]["code"]) == (1, "FJ827"), ran
        assert f"{path}:" in ran.json["refused"]["message"]
    assert city.run("case", "note", order, "x", "--as", partner, now="2026-06-02T09:30").code == 0
    assert city.run("case", "note", case, "x", "--as", COORDINATOR, now="2026-06-02T09:30").code == 0
