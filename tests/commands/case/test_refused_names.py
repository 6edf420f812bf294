"""Refusals name people and partners beside their ids, and say in JSON who they are."""

from __future__ import annotations

from PIL import Image

from tests.support.command_line import COORDINATOR, INSPECTOR, LEAD, City, Finished, Handled

TUESDAY = "2026-06-02T10:30"


def test_whoever_may_not_act_and_whoever_may_are_named(city: City, handled: Handled) -> None:
    ran = city.run("case", "advance", handled.orders[0], "acknowledge", "--as", "police", now=TUESDAY)
    assert ran.out.splitlines() == [
        "error[FJ803]: Police Department (police) may not do this; allowed: partner",
        f"   = who: City Management Department ({LEAD})",
    ]
    refused = city.refusal("case", "advance", handled.orders[0], "acknowledge", "--as", "police", now=TUESDAY)
    assert refused["who"] == [LEAD]
    assert list(refused["names"]) == [LEAD] and refused["names"][LEAD] != LEAD


def test_a_partner_that_is_the_lead_already_is_named(city: City) -> None:
    case = city.open()["case"]
    city.do(case, "accept")
    sets = ("--set", f"lead={LEAD}", "--set", f"partners={LEAD}")
    refused = city.refusal("case", "advance", case, "dispatch", "--as", COORDINATOR, *sets, now=TUESDAY)
    assert refused["message"] == f"City Management Department ({LEAD}) is already the lead"


def test_whoever_finished_the_work_is_named_when_they_enter_the_approval(city: City, finished: Finished) -> None:
    roster = city.folder / "workflows" / "rosters" / "XF01.yaml"
    text = roster.read_text("utf-8")
    assert "roles: [inspector]" in text
    refused = city.refusal("case", "advance", finished.case, "approve", "--as", COORDINATOR, now=TUESDAY)
    assert refused["message"].startswith(f"黄红梅 ({COORDINATOR}) may not do this")
    assert f"({INSPECTOR})" not in refused["message"] and refused["names"][INSPECTOR]


def test_an_approval_carries_place_time_and_photo_of_the_visit(city: City, finished: Finished) -> None:
    Image.new("RGB", (4, 4)).save(city.folder / "visit.png")
    sets = ("visit_place=三号楼门前", "visited_at=2026-06-02T10:20", "visit_photos=@visit.png")
    more = [part for text in sets for part in ("--set", text)]
    city.do(finished.case, "approve", "--code", finished.code, *more, now=TUESDAY, actor=INSPECTOR)
    entered = city.history(finished.case)[-1]["set"]
    assert entered["visit_place"] == "三号楼门前" and entered["visited_at"] == "2026-06-02T02:20:00Z"
    assert [photo.startswith("sha256:") for photo in entered["visit_photos"]] == [True]
    page = city.run("case", "show", finished.case, now=TUESDAY).out
    assert "place of the visit" in page and "2026-06-02 10:20" in page


def test_a_refusal_of_the_work_carries_them_too(city: City, finished: Finished) -> None:
    sets = ("--set", "reason=没扫干净", "--set", "visited_at=2026-06-02T10:20")
    city.do(finished.case, "refuse", "--code", finished.code, *sets, now=TUESDAY, actor=INSPECTOR)
    assert city.history(finished.case)[-1]["set"]["visited_at"] == "2026-06-02T02:20:00Z"
