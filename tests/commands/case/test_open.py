"""``fujin case open``: the answer, contacts, files, questions on a terminal, repetition, rehearsal."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from PIL import Image

from tests.support.command_line import COLLECTOR, CONTACT, COORDINATOR, MONDAY, PRIVATE, City
from tests.support.terminal import on_terminal

BARE = ("case", "open", "resident-request", "--community", "XF01", "--as", COLLECTOR)
OPEN = (*BARE, "--set", "summary=路灯不亮", "--set", "reporter=@-")


def test_the_answer_for_scripts(city: City) -> None:
    answer = city.ask(*OPEN, "--channel", "phone", "--request-id", "r-1", now=MONDAY, stdin=CONTACT)
    code, receipt = answer.pop("acceptance_code"), answer.pop("receipt")
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{8}", code)
    assert city.history("XF01-202606a-0001")[0]["hash"].startswith(receipt)
    assert len(receipt) == 12
    assert answer == {
        "version": 1,
        "case": "XF01-202606a-0001",
        "step": "reported",
        "due": "2026-06-01T09:15:00+08:00",
        "request_id": "r-1",
        "repeated": False,
        "dry_run": False,
        "procedure": "resident-request",
        "committee": None,
        "event": 1,
    }


def test_the_answer_for_people(city: City) -> None:
    ran = city.run(*OPEN, now=MONDAY, stdin=CONTACT)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == "XF01-202606a-0001: Reported, due 2026-06-01 09:15 +08:00"
    assert re.fullmatch(r"acceptance code for the reporter, shown once: [0-9A-HJKMNP-TV-Z]{8}", lines[1])
    assert re.fullmatch(r"receipt: XF01-202606a-0001 / [0-9a-f]{12}", lines[2])
    assert lines[3] == "next: `fujin case actions XF01-202606a-0001`"


def test_the_topic_finds_the_committee(city: City) -> None:
    assert city.open(topic="sanitation")["committee"] == "XF01-environment"
    chosen = city.ask(*OPEN, "--committee", "XF01-opinion", now=MONDAY, stdin=CONTACT)
    assert chosen["committee"] == "XF01-opinion"


@pytest.mark.slow
def test_contact_data_from_a_file_or_from_stdin(city: City) -> None:
    (city.folder / "contact.json").write_text('{"name": "样例·周某", "phone": "000-0000-0042"}', "utf-8")
    by_file = city.ask(*BARE, "--set", "summary=a", "--set", "reporter=@contact.json", now=MONDAY)
    by_stdin = city.ask(*OPEN, now=MONDAY, stdin=CONTACT)
    for answer in (by_file, by_stdin):
        reference = city.history(answer["case"])[0]["set"]["reporter"]
        assert re.fullmatch(r"vault:c-[0-9a-f]{16}", reference)
    kept = list((city.folder / "data" / "contacts").rglob("*.json"))
    assert len(kept) == 2
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}


@pytest.mark.parametrize(
    ("given", "stdin", "message"),
    [
        ("reporter=样例·周某 000-0000-0042", "", "contact data must not be given on the command line"),
        ("reporter=@nowhere.txt", "", "there is no file nowhere.txt"),
        ("reporter=@-", "", "contact data needs a name or a phone number"),
        ("reporter=@-", '{"name": ', "contact data is not valid JSON"),
        ("reporter=@-", "name: a\nshoe size: 41\n", "contact data has unknown keys"),
        ("reporter=@-", "name: " + "长" * 9000, "contact data is longer than"),
        ("photos=@nowhere.jpg", "", "there is no file nowhere.jpg"),
        ("photos=nowhere.jpg", "", "photos takes a file"),
        ("photos=@contact.txt", "", "contact.txt is not a picture; photos are JPEG, PNG, WebP"),
        ("summary", "", "--set takes FIELD=VALUE"),
    ],
)
def test_values_that_cannot_be_read_are_wrong_usage(city: City, given: str, stdin: str, message: str) -> None:
    (city.folder / "contact.txt").write_text(CONTACT, "utf-8")
    ran = city.run(*BARE, "--set", "summary=a", "--set", given, now=MONDAY, stdin=stdin)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: {message}")
    assert not any(word in ran.err for word in PRIVATE)
    assert not (city.folder / "data" / "ledger").exists()


@pytest.mark.slow
def test_two_fields_cannot_both_come_from_stdin(city: City) -> None:
    ran = city.run(*BARE, "--set", "summary=@-", "--set", "reporter=@-", now=MONDAY, stdin=CONTACT)
    assert ran.code == 2
    assert "one field only" in ran.err


def test_texts_and_photos_from_files(city: City) -> None:
    (city.folder / "what.txt").write_text("第一行\n第二行", "utf-8")
    Image.new("RGB", (40, 30), "green").save(city.folder / "a.jpg", comment=b"secret place")
    given = ("--set", "summary=@what.txt", "--set", "photos=@a.jpg", "--set", "reporter=@-")
    case = city.ask(*BARE, *given, now=MONDAY, stdin=CONTACT)["case"]
    fields = city.ask("case", "show", case, now=MONDAY)["fields"]
    assert fields["summary"] == "第一行\n第二行"
    (photo,) = fields["photos"]
    assert re.fullmatch(r"sha256:[0-9a-f]{64}\.jpg", photo)
    (kept,) = (path for path in (city.folder / "data" / "attachments").rglob("*") if path.is_file())
    assert b"secret place" not in kept.read_bytes()


def test_who_must_be_told_what_is_missing(city: City) -> None:
    refused = city.refusal(*BARE, now=MONDAY)
    assert refused["code"] == "FJ804"
    assert "summary" in refused["message"] and "reporter" in refused["message"]
    assert refused["help"] == "give each with --set FIELD=VALUE"


@pytest.mark.parametrize(
    ("more", "code", "message"),
    [
        (("--as", "city-management"), "FJ803", "City Management Department (city-management) may not do this"),
        (("--committee", "XF02-utilities"), "FJ815", "XF01 has no committee XF02-utilities"),
        (("--set", "scope=everybody"), "FJ805", "scope"),
        (("--set", "topic=weather"), "FJ805", "topic"),
        (("--set", "colour=red"), "FJ805", "colour"),
        (("--set", "lead=city-management", "--set", "lead=police"), "FJ805", "lead"),
    ],
)
def test_refusals_of_an_opening(city: City, more: tuple[str, ...], code: str, message: str) -> None:
    refused = city.refusal(*BARE, "--set", "summary=a", "--set", "reporter=@-", *more, now=MONDAY, stdin=CONTACT)
    assert refused["code"] == code
    assert message in refused["message"]
    assert city.cases() == []


def test_a_text_may_be_long_but_not_longer(city: City) -> None:
    city.open(summary="长" * 4000)
    given = ("--set", "summary=" + "长" * 4001, "--set", "reporter=@-")
    assert "longer than 4000" in city.refusal(*BARE, *given, now=MONDAY, stdin=CONTACT)["message"]


def test_a_procedure_that_is_not_there_or_not_for_people(city: City) -> None:
    assert city.run("case", "open", "parade", "--community", "XF01", "--as", COLLECTOR, now=MONDAY).code == 2
    given = ("--set", "task=a", "--set", "to=police")
    refused = city.refusal("case", "open", "work-order", "--community", "XF01", "--as", COLLECTOR, *given, now=MONDAY)
    assert "are opened only by other procedures" in refused["message"]


# asking


@pytest.mark.slow
def test_off_a_terminal_nobody_is_asked(city: City) -> None:
    ran = city.spawn(*BARE, "--now", MONDAY, stdin="灯不亮\n样例·周某\n000-0000-0042\n")
    assert ran.code == 1
    assert "required fields are missing: summary, reporter" in ran.out


ENTERS = "\n" * 8  # for all that may be left out, and for the dry run


@pytest.mark.slow
def test_on_a_terminal_required_fields_are_asked_for(city: City) -> None:
    code, screen = on_terminal(city, [*BARE, "--now", MONDAY], typed=f"楼道灯不亮\n样例·周某\n000-0000-0042\n{ENTERS}")
    assert code == 0, screen
    assert "name: " in screen and "phone: " in screen
    assert "acceptance code for the reporter, shown once" in screen
    assert city.history("XF01-202606a-0001")[0]["set"]["summary"] == "楼道灯不亮"
    (kept,) = (city.folder / "data" / "contacts").rglob("*.json")
    assert "000-0000-0042" in kept.read_text("utf-8")


def test_on_a_terminal_with_json_nobody_is_asked(city: City) -> None:
    code, screen = on_terminal(city, [*BARE, "--now", MONDAY, "--json"])
    assert code == 1
    assert '"FJ804"' in screen


@pytest.mark.slow
def test_somebody_who_goes_away_while_asked_opened_nothing(city: City) -> None:
    code, screen = on_terminal(city, [*BARE, "--now", MONDAY], typed="楼道灯不亮\n\x04")
    assert code == 130
    assert "Traceback" not in screen
    assert city.cases() == []


# repetition and rehearsal


@pytest.mark.slow
def test_the_same_request_id_opens_one_case(city: City) -> None:
    first = city.ask(*OPEN, "--request-id", "r-1", now=MONDAY, stdin=CONTACT)
    city.open()
    before = city.tree("data/cache")
    again = city.ask(*OPEN, "--request-id", "r-1", now="2026-06-01T11:00", stdin=CONTACT)
    assert again == {**first, "repeated": True, "acceptance_code": None}
    assert city.tree("data/cache") == before
    said = city.run(*OPEN, "--request-id", "r-1", now=MONDAY, stdin=CONTACT).out
    assert "already done with this request id; nothing was changed" in said


@pytest.mark.slow
def test_a_repetition_answers_as_the_case_was_then(city: City) -> None:
    city.ask(*OPEN, "--set", "topic=sanitation", "--request-id", "r-1", now=MONDAY, stdin=CONTACT)
    city.do("XF01-202606a-0001", "accept", now="2026-06-01T09:05")
    again = city.ask(*OPEN, "--set", "topic=sanitation", "--request-id", "r-1", now=MONDAY, stdin=CONTACT)
    assert (again["step"], again["repeated"]) == ("reported", True)


def test_other_content_under_the_same_request_id_is_refused(city: City) -> None:
    city.ask(*OPEN, "--request-id", "r-1", now=MONDAY, stdin=CONTACT)
    before = city.tree("data/cache", "data/contacts")
    for more in (("--set", "topic=water"), ("--note", "x"), ("--channel", "phone")):
        refused = city.refusal(*OPEN, *more, "--request-id", "r-1", now=MONDAY, stdin=CONTACT)
        assert refused["code"] == "FJ813"
        assert "XF01-202606a-0001" in refused["message"]
    assert city.tree("data/cache", "data/contacts") == before


@pytest.mark.slow
def test_a_request_id_is_known_in_the_next_month_and_in_the_next_part(city: City) -> None:
    first = city.ask(*OPEN, "--request-id", "r-1", now="2026-06-30T16:59", stdin=CONTACT)
    july = city.ask(*OPEN, "--request-id", "r-1", now="2026-07-01T08:30", stdin=CONTACT)
    assert july == {**first, "repeated": True, "acceptance_code": None}
    assert city.refusal(*OPEN, "--note", "x", "--request-id", "r-1", now="2026-07-01T08:30", stdin=CONTACT)
    for n in range(12):  # a part is full at about 128 KB
        last = city.open("--request-id", f"fill-{n}", now="2026-06-30T17:00", summary="长" * 4000)["case"]
    assert last.startswith("XF01-202606b-")
    part_b = city.ask(*OPEN, "--request-id", "r-1", now="2026-06-30T17:01", stdin=CONTACT)
    assert part_b == {**first, "repeated": True, "acceptance_code": None}
    assert len(city.cases()) == 13


def test_a_rehearsed_opening_writes_nothing(city: City) -> None:
    Image.new("RGB", (40, 30), "green").save(city.folder / "a.jpg")
    before = city.tree("data/cache")
    answer = city.ask(*OPEN, "--set", "photos=@a.jpg", "--dry-run", now=MONDAY, stdin=CONTACT)
    assert (answer["case"], answer["step"]) == ("XF01-202606a-0001", "reported")
    assert (answer["dry_run"], answer["receipt"]) == (True, None)
    assert city.tree("data/cache") == before
    said = city.run(*OPEN, "--dry-run", now=MONDAY, stdin=CONTACT)
    assert said.out.startswith("dry run: XF01-202606a-0001: Reported")
    assert city.tree("data/cache") == before


@pytest.mark.slow
def test_a_rehearsed_opening_hands_out_no_code(city: City) -> None:
    """A code that was shown and does not hold would send the reporter away with nothing."""
    answer = city.ask(*OPEN, "--dry-run", now=MONDAY, stdin=CONTACT)
    assert answer["acceptance_code"] is None
    assert "acceptance code" not in city.run(*OPEN, "--dry-run", now=MONDAY, stdin=CONTACT).out


@pytest.mark.slow
def test_a_broken_procedure_opens_no_case_and_others_do(city: City) -> None:
    path = city.folder / "workflows" / "procedures" / "objection.yaml"
    path.write_text(path.read_text("utf-8").replace("owner: judge", "owner: jugde"), "utf-8")
    assert city.run(*OPEN, now=MONDAY, stdin=CONTACT).code == 0
    given = ("--set", "against=XF01-202606a-0001", "--set", "grounds=x", "--set", "objector=@-")
    typed = ("case", "open", "objection", "--community", "XF01", "--as", "p-0102", *given)
    ran = city.run(*typed, now=MONDAY, stdin=CONTACT)
    assert ran.code == 1
    assert "error[FJ827]" in ran.out and "workflows/procedures/objection.yaml:" in ran.out and "jugde" in ran.out


@pytest.mark.slow
def test_the_workspace_may_be_named_or_found_upward(city: City, tmp_path: Path) -> None:
    elsewhere = City(tmp_path)
    assert elsewhere.run("case", "list").code == 2
    for name in (("--workspace", str(city.folder)), (f"--workspace={city.folder}",), ("-w", str(city.folder))):
        assert elsewhere.run("case", "list", *name).code == 0
    assert elsewhere.run("case", "list", env={"FUJIN_WORKSPACE": str(city.folder)}).code == 0
    assert City(city.folder / "workflows" / "rosters").run("case", "list").code == 0
    named = elsewhere.run(*OPEN, "--workspace", str(city.folder), now=MONDAY, stdin=CONTACT)
    assert named.code == 0
    assert city.cases() == ["XF01-202606a-0001"]


@pytest.mark.slow
def test_a_year_that_the_calendar_lacks_is_said_with_how_to_add_it(city: City) -> None:
    """Opening is never refused; the due time appears once the year is there (docs/reference/contract.md, "Time")."""
    rosters = city.folder / "workflows" / "rosters"
    for path in rosters.glob("*.yaml"):
        path.write_text(re.sub(r"until: \d{4}-", "until: 2039-", path.read_text("utf-8")), "utf-8")
    now = "2035-06-01T09:00"
    case = city.open(now=now)["case"]
    typed = ("case", "advance", case, "accept", "--as", COORDINATOR)
    lacking = city.run(*typed, "--dry-run", now=now)
    assert lacking.code == 0
    assert "2035" in lacking.err and "fujin config --add-calendar" in lacking.err
    assert city.run(*typed, "--dry-run", "--json", now=now).json["due"] is None
    assert city.run("config", "--add-calendar", "-", stdin="2035-01-01\n").code == 0
    mended = city.run(*typed, "--dry-run", "--json", now=now)
    assert (mended.err, mended.json["due"]) == ("", "2035-06-04T17:00:00+08:00")


PRIVATE_WORDS = "周某 １３９－００００－００００，黑H12345，name@example.com"


def test_personal_data_in_words_are_pointed_out_and_not_repeated(city: City) -> None:
    values = ("--set", f"summary={PRIVATE_WORDS}", "--set", "reporter=@-", "--note", "微信号：zhou_1234")
    typed = ("case", "open", "resident-request", "--community", "XF01", "--as", "p-0105", *values)
    ran = city.run(*typed, "--json", now=MONDAY, stdin=CONTACT)
    assert ran.code == 0
    for kind in ("a mobile number", "a number plate", "an e-mail address"):
        assert f"contains what looks like {kind}" in ran.err
    assert "the remark contains what looks like a WeChat id" in ran.err
    assert not any(part in ran.err for part in ("１３９", "139", "12345", "example.com", "zhou"))
    case = ran.json["case"]
    noted = city.run("case", "note", case, "请打 139 0000 0000", "--as", "p-0105", now=MONDAY)
    assert noted.code == 0 and "the remark contains what looks like a mobile number" in noted.err
    plain = city.run("case", "note", case, "已电话联系", "--as", "p-0105", now=MONDAY)
    assert (plain.code, plain.err) == (0, "")


def test_what_a_chinese_input_method_types_is_read(city: City) -> None:
    contact = "姓名：样例·周某\n电话：０００－００００－００４２\n".encode("gb18030")
    (city.folder / "contact.txt").write_bytes(contact)
    (city.folder / "message.txt").write_bytes("三号楼的垃圾桶满了".encode("gb18030"))
    values = ("--set", "summary=@message.txt", "--set", "reporter=@contact.txt", "--set", "scope＝building")
    typed = ("case", "open", "resident-request", "--community", "ＸＦ０１", "--as", "ｐ－０１０５", *values)
    opened = city.ask(*typed, now="２０２６－０６－０１　０９：００")
    shown = city.ask("case", "show", "ＸＦ０１－２０２６０６ａ－０００１", now=MONDAY)
    assert opened["case"] == shown["case"] == "XF01-202606a-0001"
    assert "三号楼的垃圾桶满了" in str(shown)
    [file] = (city.folder / "data" / "contacts").rglob("*.json")
    assert json.loads(file.read_text("utf-8")) == {"name": "样例·周某", "phone": "000-0000-0042"}
