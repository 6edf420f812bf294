"""``fujin diff`` reads what both versions share once, and judges and explores each version once, without any cache."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from fujin_cli.core.explore import explorer
from fujin_cli.rules import registry
from fujin_cli.store.workspace import read_files
from fujin_cli.store.workspace.load import yaml_files
from tests.commands.workspace.test_diff import ASK, NOW, REQUEST, edit
from tests.support.command_line import City

pytestmark = pytest.mark.slow

Calls = Counter[Any]


def count(patch: pytest.MonkeyPatch, module: Any, name: str, key: Callable[..., Any]) -> Calls:
    """Count the calls of a module's function by ``key`` of their arguments."""
    calls, function = Calls(), getattr(module, name)

    def counting(*arguments: Any, **named: Any) -> Any:
        calls[key(*arguments)] += 1
        return function(*arguments, **named)

    patch.setattr(module, name, counting)
    return calls


@pytest.fixture
def earlier(city: City, scenarios: None) -> City:
    """The city after an edit, with its configuration before it in ``earlier``, an open case, and an empty cache."""
    city.open()
    shutil.copytree(city.folder / "workflows", city.folder / "earlier" / "workflows")
    edit(city.folder, *ASK)
    shutil.rmtree(city.folder / "data" / "cache")
    return city


@pytest.mark.parametrize("names", [("earlier",), ("earlier", "."), (".", "earlier")], ids=" ".join)
def test_each_version_is_read_checked_and_explored_once(
    earlier: City, names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed = count(monkeypatch, read_files, "read_yaml", lambda data, path: (path, data))
    checked = count(monkeypatch, registry, "check_all", lambda workspace, *_: id(workspace))
    explored = count(
        monkeypatch,
        explorer,
        "explore_model",
        lambda model, *_: (model.version.digest, tuple(sorted(model.shape.settings.items()))),
    )
    ran = earlier.run("diff", *names, "--json", now=NOW)
    answer = json.loads(ran.out)
    assert [difference["procedure"] for difference in answer["procedures"]] == ["resident-request"]
    assert len(answer["cases"] or ()) == (1 if names[-1] != "earlier" or len(names) == 1 else 0)

    folders = earlier.folder / "earlier", earlier.folder
    files = {(path, (folder / path).read_bytes()) for folder in folders for path in yaml_files(folder)}
    assert parsed == Counter((path, data) for path, data in files if "/scenarios/" not in path)
    assert list(checked.values()) == [1, 1]
    assert set(explored.values()) == {1}


def test_the_workspace_cache_stays_that_of_all_files(earlier: City) -> None:
    cache = earlier.folder / "data" / "cache" / "workspace.json"
    assert earlier.run("case", "list", now=NOW).code == 0
    written = cache.read_bytes()
    assert earlier.run("diff", "earlier", now=NOW).code == 0
    assert cache.read_bytes() == written


def test_only_scenarios_that_differ_are_read(earlier: City, monkeypatch: pytest.MonkeyPatch) -> None:
    edited, broken = sorted((earlier.folder / "workflows" / "scenarios").rglob("*.yaml"))[:2]
    edited.write_text(edited.read_text("utf-8") + "note: read again\n", "utf-8")
    for folder in (earlier.folder, earlier.folder / "earlier"):
        (folder / broken.relative_to(earlier.folder)).write_text("# in both\nscenario: [\n", "utf-8")
    parsed = count(monkeypatch, read_files, "read_yaml", lambda data, path: path)
    ran = earlier.run("diff", "earlier", now=NOW)
    read = {path: times for path, times in parsed.items() if "/scenarios/" in path}
    assert read == {edited.relative_to(earlier.folder).as_posix(): 2}
    assert ran.code == 0, ran.out


def test_errors_of_the_workspace_are_said_once_by_one_reading(earlier: City, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(earlier.folder, "    within: 1 working day\n", "    within: 1 working dya\n")
    checked = count(monkeypatch, registry, "check_all", lambda workspace, *_: id(workspace))
    ran = earlier.run("diff", "earlier", now=NOW)
    assert ran.code == 1 and REQUEST in ran.out
    assert ran.err.count("the configuration has errors") == 1
    assert list(checked.values()) == [1, 1]
