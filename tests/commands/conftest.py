from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.command_line import City, Finished, Handled, lay_city
from tests.support.paths import ROOT


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped city as a rehearsal and without scenarios, its configuration read once for all copies."""
    folder = lay_city(tmp_path_factory.mktemp("shipped") / "city")
    assert City(folder).run("community", "list").code == 0
    return folder


@pytest.fixture
def city(shipped: Path, tmp_path: Path) -> City:
    """A copy of the shipped city with an empty ledger, in which the clock may be set."""
    folder = tmp_path / "city"
    shutil.copytree(shipped, folder)
    return City(folder)


@pytest.fixture
def scenarios(city: City) -> None:
    """Fills ``city``: it has the shipped scenarios, too."""
    shutil.copytree(ROOT / "workflows" / "scenarios", city.folder / "workflows" / "scenarios")


@pytest.fixture(scope="session")
def _handled(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Handled]:
    folder = tmp_path_factory.mktemp("handled") / "city"
    shutil.copytree(shipped, folder)
    return folder, Handled(*City(folder).dispatched())


@pytest.fixture(scope="session")
def _finished(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Finished]:
    folder = tmp_path_factory.mktemp("finished") / "city"
    shutil.copytree(shipped, folder)
    return folder, Finished(*City(folder).finished())


@pytest.fixture
def handled(city: City, _handled: tuple[Path, Handled]) -> Handled:
    """Fills ``city``: one case is being handled by two partners since 09:05 on the first of June."""
    shutil.copytree(_handled[0] / "data", city.folder / "data", dirs_exist_ok=True)
    return _handled[1]


@pytest.fixture
def finished(city: City, _finished: tuple[Path, Finished]) -> Finished:
    """Fills ``city``: one case waits for its reporter's word since 10:00 on the second of June."""
    shutil.copytree(_finished[0] / "data", city.folder / "data", dirs_exist_ok=True)
    return _finished[1]
