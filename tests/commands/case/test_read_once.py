"""What changes a case reads its volume once, under the lock, and folds each of its events once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from fujin_cli.core.cases import evolve as evolving
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.event import Event
from fujin_cli.store.files import disk
from tests.support.command_line import COORDINATOR, LEAD, MONDAY, SECOND, City, Handled

LATE = "2026-06-03T09:00"  # two days after Monday's request fell due


class Watch:
    """Notes, in order, each lock taken and each volume read; and counts how often each event is folded."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.folded: Counter[tuple[str, int]] = Counter()

    def once(self, case: str, *numbers: int) -> bool:
        """Whether these stored events were folded once, and no event (new ones too) more than once."""
        return all(self.folded[case, number] == 1 for number in numbers) and max(self.folded.values()) == 1

    def clear(self) -> None:
        self.log.clear()
        self.folded.clear()


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    noted = Watch()
    try_lock, read, evolve = disk.try_lock, disk.read, evolving.evolve

    def locking(descriptor: int) -> bool:
        noted.log.append("lock")
        return try_lock(descriptor)

    def reading(path: Path) -> Any:
        if path.parent.name.startswith("XF") and path.suffix == ".json":
            noted.log.append(f"{path.parent.name}/{path.name}")
        return read(path)

    def folding(case: Case, event: Event) -> Case:
        noted.folded[case.id, event.n] += 1
        return evolve(case, event)

    with monkeypatch.context() as patch:
        patch.setattr(disk, "try_lock", locking)
        patch.setattr(disk, "read", reading)
        patch.setattr(evolving, "evolve", folding)
        yield noted


@pytest.mark.parametrize(
    "typed",
    [
        ("advance", "CASE", "accept"),
        ("advance", "CASE", "accept", "--json"),
        ("advance", "CASE", "accept", "--request-id", "r-1"),
        ("note", "CASE", "已电话联系"),
        ("attach", "CASE", "photo.png"),
    ],
)
def test_a_move_reads_and_folds_its_case_once_under_the_lock(city: City, watch: Watch, typed: tuple[str, ...]) -> None:
    case = city.open()["case"]
    Image.new("RGB", (4, 4)).save(city.folder / "photo.png")
    watch.clear()
    ran = city.run("case", *(case if word == "CASE" else word for word in typed), "--as", COORDINATOR, now=MONDAY)
    assert ran.code == 0, ran
    assert watch.log == ["lock", "XF01/2026-06.a.json"]
    assert watch.once(case, 1)


def test_a_repeated_request_folds_its_case_once(city: City, watch: Watch) -> None:
    case = city.open()["case"]
    first = city.do(case, "accept", "--request-id", "r-1")
    city.ask("case", "note", case, "已电话联系", "--as", COORDINATOR, now=MONDAY)
    watch.clear()
    again = city.do(case, "accept", "--request-id", "r-1")
    assert (again["step"], again["event"], again["repeated"]) == (first["step"], first["event"], True)
    assert watch.log == ["lock", "XF01/2026-06.a.json"]
    assert watch.once(case, 1) and not watch.folded[case, 3]  # it shows the case as the first time left it


def test_a_dispatch_folds_its_case_once(city: City, watch: Watch) -> None:
    case = city.open()["case"]
    city.do(case, "accept")
    watch.clear()
    city.do(case, "dispatch", "--set", f"lead={LEAD}", "--set", f"partners={SECOND}")
    assert watch.log.count("XF01/2026-06.a.json") == 1
    assert watch.once(case, 1, 2)


def test_a_tick_folds_each_case_once(city: City, watch: Watch) -> None:
    cases = [city.open()["case"] for _ in range(3)]
    watch.clear()
    fired = city.ask("tick", now=LATE)["fired"]
    assert {entry["case"] for entry in fired} == set(cases)
    assert all(watch.once(case, 1) for case in cases)


def test_a_tick_folds_a_case_and_its_orders_once(city: City, handled: Handled, watch: Watch) -> None:
    watch.clear()
    assert city.ask("tick", now=LATE)["fired"]
    stored = [*((handled.case, number) for number in (1, 2, 3)), *((order, 1) for order in handled.orders)]
    assert [watch.folded[event] for event in stored] == [1] * len(stored)
