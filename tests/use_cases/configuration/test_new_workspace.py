"""The files of a new workspace: what the arguments say stands in them, and they have no finding."""

from __future__ import annotations

from datetime import date

import pytest

from fujin_cli.store.workspace.template import sample_names, template_files
from fujin_cli.use_cases.configuration.new_workspace import NewWorkspace, build_workspace_files
from fujin_cli.use_cases.session import WrongUsage
from fujin_cli.use_cases.validate import EVERY_FAMILY, check_contents

TODAY = date(2026, 11, 28)
FAST = tuple(family for family in EVERY_FAMILY if family < 3)


def test_without_arguments_the_full_template_is_as_it_is_shipped() -> None:
    assert build_workspace_files(NewWorkspace("full", "my-city", 2026, "zh")) == template_files()


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin"])
def test_the_full_template_in_english_is_valid_and_names_the_town(zone: str) -> None:
    new = NewWorkspace("full", "qixing", 2026, "en", "Seven Stars", zone)
    files = build_workspace_files(new)
    assert check_contents(files, TODAY, FAST).findings == []
    assert "workflows/rosters/qixing.yaml" in files
    head = files["workflows/workspace.yaml"].decode()
    assert "languages: [en, zh]" in head and f"zone: {zone}" in head and ("CN" in head) == (zone == "Asia/Shanghai")
    rosters = "".join(text.decode() for path, text in files.items() if "/rosters/" in path)
    assert not any(name in rosters for name in sample_names("zh"))


@pytest.mark.parametrize("name", ["七星", "C01", "street-1", "a b", ".", ""])
def test_a_folder_whose_name_cannot_be_the_id_keeps_that_of_the_template(name: str) -> None:
    files = build_workspace_files(NewWorkspace("minimal", name, 2026, "zh"))
    assert files["workflows/workspace.yaml"].decode().splitlines()[1] == "workspace: my-town"
    assert check_contents(files, TODAY, FAST).findings == []


@pytest.mark.parametrize("title", ["null", "[", "a: b # c", '"', "yes", "7", "富锦", "a\\n"])
def test_any_title_is_read_as_it_was_written(title: str) -> None:
    files = build_workspace_files(NewWorkspace("minimal", "x", 2026, "zh", title))
    assert check_contents(files, TODAY, FAST).files.workspace.title == title


def test_each_language_has_as_many_sample_names_and_an_unknown_language_is_refused() -> None:
    assert len(sample_names("zh")) == len(sample_names("en"))
    with pytest.raises(WrongUsage):
        build_workspace_files(NewWorkspace("full", "x", 2026, "fr"))
