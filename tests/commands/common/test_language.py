"""Which language the screens speak, and the pages of help in both."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from tests.support.command_line import City
from tests.support.terminal import on_terminal

CHINESE = re.compile(r"[\u4e00-\u9fff]")
GROUPS = ("case", "outbox", "procedure", "community", "committee", "roster", "partner", "ledger")


def speaks(city: City, **environment: str) -> str:
    """The language of a message under this environment."""
    env = {"FUJIN_LANG": "", **environment}
    return "zh" if CHINESE.search(city.run("explain", "nope", env=env).err) else "en"


def test_fujin_lang_then_the_locale_then_the_workspace(city: City) -> None:
    assert speaks(city, FUJIN_LANG="en", LANG="zh_CN.UTF-8") == "en"
    assert speaks(city, FUJIN_LANG="zh", LANG="en_US.UTF-8") == "zh"
    assert speaks(city, FUJIN_LANG="zh-Hans") == "zh"
    assert speaks(city, LANG="en_US.UTF-8") == "en"
    assert speaks(city, LANG="zh_CN.UTF-8") == "zh"
    assert speaks(city, LC_ALL="en_GB.UTF-8", LANG="zh_CN.UTF-8") == "en"
    assert speaks(city, LC_MESSAGES="zh_TW.UTF-8", LANG="en_US.UTF-8") == "zh"
    assert speaks(city, LANG="fr_FR.UTF-8") == "en"
    assert speaks(city, FUJIN_LANG="tlh", LANG="en_US.UTF-8") == "en"


@pytest.mark.slow
def test_where_nobody_says_the_workspace_does(city: City) -> None:
    for environment in ({}, {"LANG": "C"}, {"LANG": "C.UTF-8"}, {"LC_ALL": "POSIX"}):
        assert speaks(city, **environment) == "zh"
    head = city.folder / "workflows" / "workspace.yaml"
    head.write_text(head.read_text("utf-8").replace("languages: [zh, en]", "languages: [en, zh]"), "utf-8")
    for environment in ({}, {"LANG": "C"}, {"LC_ALL": "POSIX"}):
        assert speaks(city, **environment) == "en"
    assert speaks(city, LANG="zh_CN.UTF-8") == "zh"
    elsewhere = City(city.folder.parent)
    named = elsewhere.run("community", "show", "nope", "-w", str(city.folder), env={"FUJIN_LANG": "", "LANG": "C"})
    assert not CHINESE.search(named.err)


def test_a_refusal_and_its_json_speak_it_too(city: City) -> None:
    chinese = City(city.folder, "zh")
    refused = chinese.refusal("case", "show", "nope")
    assert CHINESE.search(refused["message"])
    assert refused["code"] == city.refusal("case", "show", "nope")["code"]
    assert CHINESE.search(chinese.run("case", "list", "--bogus", "--json").error["message"])


def test_titles_follow_the_language(city: City) -> None:
    assert "Fuqian Community" in city.run("community", "show", "XF01").out
    assert "福前社区" in City(city.folder, "zh").run("community", "show", "XF01").out


def columns(line: str) -> int:
    """How wide a line stands on a terminal."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


def all_commands(city: City) -> list[list[str]]:
    """Every command there is, as the pages themselves name them."""

    def below(*words: str) -> list[str]:
        page = city.spawn(*words, "--help").out
        return re.findall(r"^  ([a-z-]+) {2,}\S", page.partition("Commands:\n")[2].partition("\n\n")[0], re.MULTILINE)

    tops = below()
    assert set(GROUPS) < set(tops)
    return [[], *([top] for top in tops), *([group, name] for group in GROUPS for name in below(group))]


@pytest.mark.slow
def test_every_command_has_a_page_in_both_languages(city: City) -> None:
    """One process per language asks for all pages: what an option means is put into words when it is declared."""
    commands = all_commands(city)
    assert len(commands) > 35
    script = (
        "import json, sys\n"
        "from fujin_cli.cli import run_command_line\n"
        "for words in json.loads(sys.argv[1]):\n"
        "    print('\\f' + ' '.join(words))\n"
        "    assert run_command_line([*words, '-h']) == 0, words\n"
    )
    for language in ("en", "zh"):
        done = subprocess.run(
            [sys.executable, "-c", script, json.dumps(commands)],
            cwd=city.folder,
            text=True,
            capture_output=True,
            env=city.environment({"FUJIN_LANG": language, "COLUMNS": "80"}),
        )
        assert (done.returncode, done.stderr) == (0, "")
        pages = done.stdout.split("\f")[1:]
        assert len(pages) == len(commands)
        for words, page in zip(commands, pages, strict=True):
            usage = ("Usage: " if language == "en" else "用法：") + " ".join(["fujin", *words])
            assert page.partition("\n")[2].startswith(usage), page
            told = page.partition("Examples:" if language == "en" else "例子：")[0]
            if language == "en":
                assert not CHINESE.search(told), page
            else:
                options = re.findall(r"^  (?:-\S+, )?--\S+(?: [A-Z=]+)?\s+(\S.*)$", told, re.MULTILINE)
                assert options and all(CHINESE.search(option) for option in options), page
            assert all(columns(line) <= 80 for line in told.splitlines()), page


@pytest.mark.slow
def test_help_is_not_coloured_and_short_form_is_the_same(city: City) -> None:
    code, screen = on_terminal(city, ["case", "open", "--help"])
    assert (code, "\x1b" in screen) == (0, False)
    assert on_terminal(city, ["case", "open", "-h"]) == (0, screen)
    assert city.run("case", "advance", "whatever", "--help").code == 0
    assert "XF01-202606a-0001" in city.spawn("case", "advance", "--help").out


def declare(city: City, languages: str) -> None:
    head = city.folder / "workflows" / "workspace.yaml"
    head.write_text(re.sub(r"^languages:.*$", f"languages: {languages}", head.read_text("utf-8"), flags=re.M), "utf-8")


def test_an_unknown_fujin_lang_is_said_and_nothing_else_changes(city: City) -> None:
    ran = city.run("community", "list", env={"FUJIN_LANG": "klingon", "LANG": "en_US.UTF-8"})
    assert ran.err == "warning: FUJIN_LANG=klingon is no language of the screens; choose one of zh, en\n"
    assert (ran.code, ran.out) == (0, city.run("community", "list").out)


def test_outside_a_workspace_and_without_a_locale_it_is_english(tmp_path: Path) -> None:
    assert speaks(City(tmp_path)) == speaks(City(tmp_path), LANG="C") == "en"


@pytest.mark.parametrize(
    ("languages", "spoken"),
    [
        ("zh", "zh"),
        ("en", "en"),
        ("[fa, zh]", "zh"),
        ('["en", "zh"]', "en"),
        ("\n  - ug  # and Chinese\n  - zh", "zh"),
        ("[fr]", "en"),
    ],
)
def test_the_first_declared_language_with_screens(city: City, languages: str, spoken: str) -> None:
    declare(city, languages)
    assert speaks(city) == spoken


def test_titles_of_other_languages_are_shown_and_isolated(city: City) -> None:
    declare(city, "[fa, en]")
    path = city.folder / "workflows" / "jurisdiction.yaml"
    text = path.read_text("utf-8")
    assert "{zh: 福前社区, en: Fuqian Community}" in text
    path.write_text(text.replace("{zh: 福前社区, en: Fuqian Community}", "{fr: Fuqian, fa: محله}"), "utf-8")
    assert city.run("community", "show", "XF01").out.startswith("\u2068محله\u2069 (XF01)\n")
    _code, screen = on_terminal(city, ["community", "list"])
    assert "\u2068محله\u2069" in screen
    assert "XF01\tمحله\t" in city.run("community", "list").out  # a program reads TSV and JSON
    assert "\u2068" not in city.run("community", "list", "--json").out
    settings = {row["setting"]: row["value"] for row in city.ask("config", "--origin")["settings"]}
    assert settings["language"] == "en"


def test_a_declared_language_without_screens_is_a_finding(city: City) -> None:
    declare(city, "[zh, fa, en]")
    found = [finding for finding in city.run("validate", "--json").json["findings"] if finding["code"] == "FJ149"]
    assert [finding["severity"] for finding in found] == ["info"]
    assert found[0]["message"] == "there are no screens in the language fa"
