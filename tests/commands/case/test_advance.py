"""Commands that move a case: the answer, who may, proof, repetition, rehearsal."""

from __future__ import annotations

import re

import pytest
from PIL import Image

from tests.support.command_line import (
    COLLECTOR,
    COORDINATOR,
    INSPECTOR,
    LEAD,
    MONDAY,
    SECOND,
    SUPERVISOR,
    City,
    Finished,
    Handled,
)

TUESDAY = "2026-06-02T10:30"
CODE = r"[0-9A-HJKMNP-TV-Z]{8}"


@pytest.mark.slow
def test_the_answer_for_scripts(city: City) -> None:
    case = city.open()["case"]
    assert city.do(case, "accept", "--request-id", "r-2", now="2026-06-01T09:05") == {
        "version": 1,
        "case": case,
        "step": "deliberating",
        "due": "2026-06-02T17:00:00+08:00",
        "request_id": "r-2",
        "repeated": False,
        "dry_run": False,
        "from": "reported",
        "outcome": None,
        "event": 2,
        "opened": [],
        "acceptance_code": None,
        "messages": 1,
    }


@pytest.mark.slow
def test_the_answer_for_people(city: City, finished: Finished) -> None:
    case, code = finished
    typed = ("case", "advance", case, "approve", "--as", INSPECTOR, "--code", code)
    done = city.run(*typed, now=TUESDAY)
    assert done.out == f"{case}: Closed, ended (done)\n2 new messages in the outbox\n"
    assert (done.code, done.err) == (0, "")


def test_who_may_not_is_told_who_may(city: City) -> None:
    case = city.open()["case"]
    refused = city.refusal("case", "advance", case, "accept", "--as", COLLECTOR, now="2026-06-01T09:05")
    assert (refused["code"], refused["who"]) == ("FJ803", [COORDINATOR])
    plain = city.run("case", "advance", case, "accept", "--as", COLLECTOR, now="2026-06-01T09:05")
    assert plain.code == 1
    assert COORDINATOR in plain.out and plain.err == ""
    assert len(city.history(case)) == 1


@pytest.mark.parametrize(
    ("typed", "code", "message"),
    [
        ("advance {case} acept", "FJ801", "there is no action acept at Handling"),
        ("advance {case} finish --set result=a", "FJ802", "orders"),
        ("advance {case} approve", "FJ801", "approve"),
        ("advance {case} note --set colour=red", "FJ805", "colour"),
        ("advance XF01-202606a-0077 accept", "FJ814", "there is no case XF01-202606a-0077"),
        ("advance nonsense accept", "FJ814", "there is no case nonsense"),
        ("advance ../../../etc/passwd accept", "FJ814", "there is no case"),
        ("show XF01-202606a-00001", "FJ814", "there is no case"),
        ("actions XF99-202606a-0001", "FJ814", "there is no case"),
        ("note nonsense x", "FJ814", "there is no case"),
        ("attach nonsense x.jpg", "FJ814", "there is no case"),
        ("pause nonsense --until 2026-06-05 --reason x", "FJ814", "there is no case"),
        ("resume nonsense", "FJ814", "there is no case"),
        ("merge nonsense {case}", "FJ814", "there is no case"),
        ("reissue-code nonsense", "FJ814", "there is no case"),
        ("resume {case}", "FJ802", "is not paused"),
        ("merge {case} {case}", "FJ801", "cannot be merged at this step"),
        ("pause {case} --until tomorrow --reason x", "FJ805", "resume_on"),
        ("pause {case} --until 2026-05-01 --reason x", "FJ805", "resume_on"),
        ("pause {case} --until 2026-12-31 --reason x", "FJ805", "resume_on"),
        ("reissue-code {order}", "FJ802", "has no acceptance code"),
    ],
)
def test_refusals(city: City, handled: Handled, typed: str, code: str, message: str) -> None:
    words = typed.format(case=handled.case, order=handled.orders[0]).split()
    who = () if words[0] in ("show", "actions") else ("--as", COORDINATOR)
    before = city.tree("data/cache")
    refused = city.refusal("case", *words, *who, now=TUESDAY)
    assert refused["code"] == code
    assert message in refused["message"]
    assert city.tree("data/cache") == before


def test_what_an_action_needs_is_asked_for(city: City, handled: Handled) -> None:
    refused = city.refusal("case", "advance", handled.orders[0], "bounce", "--as", LEAD, now="2026-06-01T09:30")
    assert refused["code"] == "FJ804"
    assert "reason" in refused["message"]


# proof


@pytest.mark.slow
def test_the_reporters_word_needs_the_code(city: City, finished: Finished) -> None:
    case, code = finished
    approve = ("case", "advance", case, "approve", "--as", INSPECTOR)
    assert city.refusal(*approve, now=TUESDAY)["code"] == "FJ806"
    wrong = city.refusal(*approve, "--code", "AAAAAAAA", now=TUESDAY)
    assert (wrong["code"], "4 tries left" in wrong["message"]) == ("FJ806", True)
    done = city.run(*approve, "--code", "-", "--json", now=TUESDAY, stdin=f"{code}\n")
    assert (done.json["outcome"], done.json["step"]) == ("done", "closed")
    last = city.history(case)[-1]
    assert (last["by"], last["entered_by"]) == ("reporter", INSPECTOR)


def test_a_code_may_be_written_in_small_letters_and_groups(city: City, finished: Finished) -> None:
    case, code = finished
    typed = f"{code[:4]}-{code[4:]}".lower()
    assert city.do(case, "approve", "--code", typed, now=TUESDAY, actor=INSPECTOR)["outcome"] == "done"


@pytest.mark.slow
def test_five_wrong_codes_lock_it_until_a_new_one_is_given(city: City, finished: Finished) -> None:
    case, code = finished
    approve = ("case", "advance", case, "approve", "--as", INSPECTOR)
    for left in (4, 3, 2, 1, 0):
        assert (
            f"{left} {'try' if left == 1 else 'tries'} left"
            in city.refusal(*approve, "--code", "00000000", now=TUESDAY)["message"]
        )
    locked = city.refusal(*approve, "--code", code, now=TUESDAY)
    assert locked["code"] == "FJ807"
    assert f"fujin case reissue-code {case}" in locked["help"]
    said = city.run("case", "reissue-code", case, "--as", INSPECTOR, now=TUESDAY)
    (fresh,) = re.findall(rf"shown once: ({CODE})$", said.out, re.MULTILINE)
    assert city.refusal(*approve, "--code", code, now=TUESDAY)["code"] == "FJ806"
    assert city.do(case, "approve", "--code", fresh, now=TUESDAY, actor=INSPECTOR)["outcome"] == "done"


@pytest.mark.slow
def test_a_wrong_code_is_no_answer_to_the_request_that_repeats_it(city: City, finished: Finished) -> None:
    case, code = finished
    approve = ("case", "advance", case, "approve", "--as", INSPECTOR, "--request-id", "r-5")
    assert "4 tries left" in city.refusal(*approve, "--code", "00000000", now=TUESDAY)["message"]
    assert "3 tries left" in city.refusal(*approve, "--code", "00000000", now=TUESDAY)["message"]
    done = city.ask(*approve, "--code", code, now=TUESDAY)
    assert (done["outcome"], done["repeated"]) == ("done", False)
    assert city.ask(*approve, "--code", code, now=TUESDAY)["repeated"] is True


def test_a_refusal_leads_back_and_the_old_code_is_void(city: City, finished: Finished) -> None:
    case, code = finished
    refused = city.do(case, "refuse", "--set", "reason=只清了一半", "--code", code, now=TUESDAY, actor=INSPECTOR)
    assert (refused["from"], refused["step"]) == ("acceptance", "handling")
    assert re.fullmatch(CODE, refused["acceptance_code"]) and refused["acceptance_code"] != code
    assert len(refused["opened"]) == 1


def test_who_handles_does_not_take_the_reporters_word(city: City, finished: Finished) -> None:
    case, code = finished
    refused = city.refusal("case", "advance", case, "approve", "--as", COORDINATOR, "--code", code, now=TUESDAY)
    assert refused["code"] in ("FJ803", "FJ808")
    assert INSPECTOR in refused["who"]


# the commands that are an action by another name


@pytest.mark.slow
def test_note(city: City, handled: Handled) -> None:
    assert city.ask("case", "note", handled.case, "已电话联系", "--as", COORDINATOR, now=TUESDAY)["step"] == "handling"
    city.ask("case", "note", handled.case, "-", "--as", COORDINATOR, now=TUESDAY, stdin="从标准输入来\n")
    assert [event["note"] for event in city.history(handled.case)][-2:] == ["已电话联系", "从标准输入来"]
    for text, stdin in (("", ""), ("  ", ""), ("-", "\n")):
        ran = city.run("case", "note", handled.case, text, "--as", COORDINATOR, now=TUESDAY, stdin=stdin)
        assert (ran.code, ran.out) == (2, "")
        assert "empty" in ran.err


@pytest.mark.slow
def test_attach(city: City, handled: Handled) -> None:
    for colour in ("red", "blue"):
        Image.new("RGB", (20, 20), colour).save(city.folder / f"{colour}.png")
        city.ask("case", "attach", handled.case, f"{colour}.png", "--as", COORDINATOR, now=TUESDAY)
    photos = city.ask("case", "show", handled.case, now=TUESDAY)["fields"]["photos"]
    assert len(photos) == 2
    (city.folder / "a.txt").write_text("a", "utf-8")
    assert (
        "a.txt is not a picture"
        in city.run("case", "attach", handled.case, "a.txt", "--as", COORDINATOR, now=TUESDAY).err
    )
    ran = city.run("case", "attach", handled.case, "red.png", "--field", "plans", "--as", COORDINATOR, now=TUESDAY)
    assert ran.code == 2 and "photos" in ran.err


@pytest.mark.slow
def test_pause_and_resume(city: City, handled: Handled) -> None:
    pause = ("case", "pause", handled.case, "--until", "2026-06-05", "--reason", "等待配件", "--as", COORDINATOR)
    assert city.ask(*pause, now=TUESDAY)["step"] == "handling"
    shown = city.ask("case", "show", handled.case, now=TUESDAY)
    assert shown["paused"].startswith("2026-06-05")
    assert shown["fields"]["reason"] == "等待配件"
    assert city.refusal(*pause, now=TUESDAY)["code"] == "FJ802"
    assert city.refusal("case", "resume", handled.case, "--as", COLLECTOR, now=TUESDAY)["code"] == "FJ803"
    resumed = city.ask("case", "resume", handled.case, "--as", COORDINATOR, now="2026-06-03T09:00")
    assert city.ask("case", "show", handled.case, now=TUESDAY)["paused"] is None
    assert resumed["due"] == "2026-06-09T17:00:00+08:00"  # a day later than without the pause


@pytest.mark.slow
def test_merge_keeps_both_complainants(city: City, handled: Handled) -> None:
    second = city.open(now=TUESDAY)
    merged = city.ask("case", "merge", second["case"], handled.case, "--as", COORDINATOR, now=TUESDAY)
    assert (merged["from"], merged["step"]) == ("reported", "joined")
    shown = city.ask("case", "show", second["case"], now=TUESDAY)
    assert shown["joined_to"] == handled.case
    kept = city.ask("case", "show", handled.case, now=TUESDAY)
    assert kept["joined"] == [second["case"]]
    assert len({kept["fields"]["reporter"], *kept["fields"]["joined"]}) == 2


@pytest.mark.parametrize(
    ("into", "code"), [("self", "FJ816"), ("XF01-202606a-0099", "FJ814"), ("nonsense", "FJ805"), ("order", "FJ805")]
)
def test_merges_that_make_no_sense(city: City, handled: Handled, into: str, code: str) -> None:
    case = city.open(now=TUESDAY)["case"]
    target = {"self": case, "order": handled.orders[0]}.get(into, into)
    assert city.refusal("case", "merge", case, target, "--as", COORDINATOR, now=TUESDAY)["code"] == code
    assert len(city.history(case)) == 1


# repetition and rehearsal, of every command that changes a case

BOUNCE = ["advance", "{order}", "bounce", "--set", "reason=不归本单位管", "--as", SECOND]
CHANGES: dict[str, tuple[list[str], str]] = {
    "advance": (BOUNCE, "2026-06-01T09:30"),
    "note": (["note", "{case}", "已电话联系", "--as", COORDINATOR], TUESDAY),
    "attach": (["attach", "{case}", "red.png", "--as", COORDINATOR], TUESDAY),
    "pause": (["pause", "{case}", "--until", "2026-06-05", "--reason", "等件", "--as", COORDINATOR], TUESDAY),
    "resume": (["resume", "{paused}", "--as", COORDINATOR], TUESDAY),
    "merge": (["merge", "{new}", "{case}", "--as", COORDINATOR], TUESDAY),
    "reissue-code": (["reissue-code", "{case}", "--as", INSPECTOR], TUESDAY),
}


def prepared(city: City, handled: Handled, name: str) -> tuple[list[str], str]:
    """The command of that name, on a city where it can be run."""
    words, now = CHANGES[name]
    Image.new("RGB", (20, 20), "red").save(city.folder / "red.png")
    names = {"case": handled.case, "order": handled.orders[1]}
    if name == "resume":
        city.ask(
            "case", "pause", handled.case, "--until", "2026-06-05", "--reason", "x", "--as", COORDINATOR, now=TUESDAY
        )
        names["paused"] = handled.case
    if name == "merge":
        names["new"] = city.open(now=TUESDAY)["case"]
    return ["case", *(word.format(**names) for word in words)], now


@pytest.mark.slow
@pytest.mark.parametrize("name", CHANGES)
def test_a_rehearsal_writes_nothing_and_says_what_would_be(city: City, handled: Handled, name: str) -> None:
    words, now = prepared(city, handled, name)
    before = city.tree("data/cache")
    rehearsed = city.ask(*words, "--dry-run", now=now)
    said = city.run(*words, "--dry-run", now=now)
    assert said.out.startswith("dry run: ")
    assert "outbox" not in said.out
    assert city.tree("data/cache") == before
    real = city.ask(*words, now=now)
    assert city.tree("data/cache") != before
    varying = {"request_id", "dry_run", "acceptance_code"}
    assert {**rehearsed, "dry_run": None} | dict.fromkeys(varying) == real | dict.fromkeys(varying)
    assert (rehearsed["dry_run"], rehearsed["acceptance_code"]) == (True, None)


@pytest.mark.parametrize("name", CHANGES)
def test_the_same_request_id_takes_effect_once(city: City, handled: Handled, name: str) -> None:
    words, now = prepared(city, handled, name)
    first = city.ask(*words, "--request-id", "r-9", now=now)
    assert (first["request_id"], first["repeated"]) == ("r-9", False)
    before = city.tree("data/cache")
    again = city.ask(*words, "--request-id", "r-9", now=now)
    assert again["repeated"] is True
    same = ("version", "case", "step", "due", "from", "outcome", "event", "request_id")
    assert [again[key] for key in same] == [first[key] for key in same]
    assert again["acceptance_code"] is None
    assert city.tree("data/cache") == before


@pytest.mark.slow
@pytest.mark.parametrize("name", CHANGES)
def test_the_request_id_of_one_command_is_not_that_of_another(city: City, handled: Handled, name: str) -> None:
    words, now = prepared(city, handled, name)
    case = city.ask(*words, "--request-id", "r-9", now=now)["case"]
    other = ("case", "note", case, "something else", "--as", COORDINATOR, "--request-id", "r-9")
    before = len(city.history(case))
    assert city.refusal(*other, now=now)["code"] in ("FJ801", "FJ813")
    assert len(city.history(case)) == before


@pytest.mark.parametrize("name", ["advance", "note", "attach", "pause"])
def test_the_same_request_id_for_something_else_is_refused(city: City, handled: Handled, name: str) -> None:
    words, now = prepared(city, handled, name)
    city.ask(*words, "--request-id", "r-9", now=now)
    Image.new("RGB", (20, 20), "blue").save(city.folder / "blue.png")
    others = {"reason=不归本单位管": "reason=再想一想", "已电话联系": "没有联系", "等件": "等人", "red.png": "blue.png"}
    changed = [others.get(word, word) for word in words]
    assert changed != words
    before = city.tree("data/cache", "data/attachments")
    assert city.refusal(*changed, "--request-id", "r-9", now=now)["code"] == "FJ813"
    assert city.tree("data/cache", "data/attachments") == before


@pytest.mark.slow
def test_the_supervisor_of_the_community_convenes(city: City) -> None:
    """A matter of most residents goes to a conference, which is a case of its own."""
    case = city.open(scope="majority")["case"]
    city.do(case, "accept", now="2026-06-01T09:05")
    called = city.do(case, "conference", now="2026-06-01T09:06")
    (meeting,) = called["opened"]
    given = ("--set", "agenda=垃圾房选址", "--set", "venue=fuqian-hall", "--set", "meets_at=2026-06-04T18:30")
    invited = [part for partner in (LEAD, SECOND, "water") for part in ("--set", f"invited={partner}")]
    known = {entry["partner"] for entry in city.ask("partner", "list")["partners"]}
    invited = [part if part == "--set" or part[8:] in known else f"invited={min(known)}" for part in invited]
    convened = city.do(meeting, "convene", *given, *invited, now="2026-06-01T10:00", actor=SUPERVISOR)
    assert convened["step"] == "waiting"
    assert city.ask("case", "show", case, now=MONDAY)["step"] == "conference"
