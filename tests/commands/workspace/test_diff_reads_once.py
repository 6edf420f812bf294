"""``fujin diff`` parses, checks and explores each version once, also where the workspace's cache is empty."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fujin_cli.core.explore import explorer
from fujin_cli.rules import registry
from fujin_cli.store.workspace import read_files
from fujin_cli.store.workspace.load import yaml_files
from tests.commands.workspace.test_diff import ASK, NOW, REQUEST, edit
from tests.support.command_line import City

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
def earlier(city: City) -> City:
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
    assert parsed == Counter((path, (folder / path).read_bytes()) for folder in folders for path in yaml_files(folder))
    assert list(checked.values()) == [1, 1]
    changed = {answer["procedures"][0]["old_law"], answer["procedures"][0]["new_law"]}
    for (digest, _), times in explored.items():
        assert times == (1 if digest in changed else 2)  # both versions have a procedure that did not change


def test_the_reading_of_diff_fills_the_workspace_cache(earlier: City) -> None:
    def cached(folder: Path) -> bytes:
        return (folder / "data" / "cache" / "workspace.json").read_bytes()

    assert earlier.run("diff", "earlier", now=NOW).code == 0
    written = cached(earlier.folder)
    shutil.rmtree(earlier.folder / "data" / "cache")
    assert earlier.run("case", "list", now=NOW).code == 0
    assert cached(earlier.folder) == written


def test_errors_of_the_workspace_are_said_once_by_one_reading(earlier: City, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(earlier.folder, "    within: 1 working day\n", "    within: 1 working dya\n")
    checked = count(monkeypatch, registry, "check_all", lambda workspace, *_: id(workspace))
    ran = earlier.run("diff", "earlier", now=NOW)
    assert ran.code == 1 and REQUEST in ran.out
    assert ran.err.count("the configuration has errors") == 1
    assert list(checked.values()) == [1, 1]
