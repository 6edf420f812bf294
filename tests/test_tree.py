"""The test tree mirrors the packages: who knows where a module is, knows where its tests are."""

from __future__ import annotations

import pytest

from tests.conftest import ALL_TESTS, SLOW_TESTS
from tests.support.paths import ROOT, TESTS

OTHERS = {"bench", "docs", "fuzz", "golden", "oracles", "screens", "support"}
MOST_FILES = 30
WHOLE = 5000  # fewer tests than that are not all of them


def test_every_folder_of_tests_mirrors_a_package() -> None:
    folders = {path.parent.relative_to(TESTS) for path in TESTS.rglob("*.py") if path.parent != TESTS}
    strangers = {
        folder.as_posix()
        for folder in folders
        if folder.parts[0] not in OTHERS and not (ROOT / "fujin_cli" / folder / "__init__.py").is_file()
    }
    assert not strangers, f"tests/ has folders that are no packages of fujin_cli: {sorted(strangers)}"


def test_no_folder_of_tests_holds_too_many_files() -> None:
    counts: dict[str, int] = {}
    for path in TESTS.rglob("*.py"):
        folder = path.parent.relative_to(TESTS).as_posix()
        counts[folder] = counts.get(folder, 0) + 1
    assert {folder: count for folder, count in counts.items() if count > MOST_FILES} == {}


def test_at_most_a_tenth_of_the_tests_is_slow(request: pytest.FixtureRequest) -> None:
    slow, total = request.config.stash[SLOW_TESTS], request.config.stash[ALL_TESTS]
    if total < WHOLE:
        pytest.skip("only a part of the tests was collected")
    assert len(slow) <= total / 10, f"{len(slow)} of {total} tests are marked slow, and `make quick` leaves them out"
