"""One bad thing never ends the many: sound cases are shown or moved, each bad thing is named, the exit code is 1."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.bad_items import BAD_ITEMS, circling_case
from tests.support.command_line import City

pytestmark = pytest.mark.slow

SOUND = 20
LATE = "2026-06-01T11:30"  # the request's first rung is due
MANY = (("case", "list"), ("case", "list", "--all"), ("status",), ("outbox", "list"), ("ledger", "verify"))


@pytest.fixture(scope="module")
def spoilt(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[City, dict[str, str], set[str]]]:
    """Twenty sound cases beside one of each bad item: the city, what names each item, and the sound cases."""
    folder = tmp_path_factory.mktemp("spoilt") / "city"
    shutil.copytree(shipped, folder)
    city = City(folder)
    sound = {city.open(community="XF01")["case"] for _ in range(SOUND)}
    yield city, {name: spoil(city) for name, spoil in BAD_ITEMS.items()}, sound


@pytest.mark.parametrize("command", MANY, ids=" ".join)
def test_the_sound_ones_are_shown_and_each_bad_one_is_named(
    spoilt: tuple[City, dict[str, str], set[str]], command: tuple[str, ...]
) -> None:
    city, names, sound = spoilt
    for _again in range(2):  # the second time from the cache
        ran = city.run(*command, now=LATE)
        assert ran.code == 1, ran
        if command[:2] != ("ledger", "verify"):
            told = ran.err
            assert all(case in ran.out for case in sound) or command[0] != "case", ran.out
        else:
            told = ran.out
        for name, named in names.items():
            if command != ("case", "list") and command != ("status",) and name == "a circle of folders":
                continue  # the markers of open cases are not read there
            assert told.count(named) >= 1, (name, named, told)
        assert "Traceback" not in ran.err


def test_status_counts_the_sound_ones(spoilt: tuple[City, dict[str, str], set[str]]) -> None:
    city, _names, _sound = spoilt
    counted = city.run("status", "--json", now=LATE).json
    assert sum(row["open"] for row in counted["rows"]) == SOUND


@pytest.mark.parametrize(
    "command", [("doctor",), ("diff", "."), ("procedure", "versions"), ("validate",)], ids=" ".join
)
def test_other_commands_go_on(spoilt: tuple[City, dict[str, str], set[str]], command: tuple[str, ...]) -> None:
    city, _names, _sound = spoilt
    ran = city.run(*command, now=LATE)
    assert ran.code in (0, 1) and ran.out and "Traceback" not in ran.err, ran


def test_a_sweep_moves_the_sound_ones(spoilt: tuple[City, dict[str, str], set[str]], tmp_path: Path) -> None:
    city, names, sound = spoilt
    copy = City(tmp_path / "city")
    shutil.copytree(city.folder, copy.folder, symlinks=True, copy_function=_copy_all_but_pipes)
    circling = circling_case(copy)
    ran = copy.run("tick", "--json", now=LATE)
    assert ran.code == 1, ran
    assert {entry["case"] for entry in ran.json["fired"]} == sound
    for named in (*names.values(), circling):
        assert named in ran.err
    assert f"automatic moves of {circling} go in a circle" in ran.err
    again = copy.run("tick", "--json", now=LATE)
    assert (again.code, again.json["fired"]) == (1, [])


def _copy_all_but_pipes(source: str, target: str) -> None:
    status = Path(source).stat()
    if stat.S_ISREG(status.st_mode) and status.st_size < 10**8:
        shutil.copy2(source, target)
    elif stat.S_ISREG(status.st_mode):
        with Path(target).open("wb") as file:
            file.truncate(status.st_size)
