"""Every run that a finding shows becomes a scenario: it fails while the run is possible, and holds once it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.simulate.expectations import check_scenario
from fujin_cli.core.simulate.trace_lines import opening_of
from fujin_cli.rules import registry
from fujin_cli.store.yaml.stable_anchors import make_anchors
from fujin_cli.use_cases.validate import ValidationResult
from fujin_cli.use_cases.write_scenarios import POSSIBLE, write_scenarios
from tests.support.golden_workspaces import MEMORY, copy_base, validated
from tests.support.golden_workspaces import lay as lay_folder
from tests.support.page_examples import Example, examples, lay
from tests.support.paths import TESTS

RUNS = [
    code for code in map(registry.code_of, registry.RULES) if code[2] == "3"
]  # pages about guarantees mend the guarantee
PAGES = {name: examples(registry.page(name) or "") for name in RUNS}
FOLDERS = sorted(path for path in (TESTS / "golden" / "malformed").glob("[13]*") if path.is_dir())


def written(root: Path, folder: Path) -> tuple[ValidationResult, dict[str, Finding]]:
    """Everything found, and the findings with a run by the names of the scenarios written for them."""
    found = validated(root, memory=MEMORY)
    places = make_anchors(found.findings, found.sources)
    files = write_scenarios(found, found.workspace.build_calendar(), folder, places, False)
    shown = [finding for finding in found.findings if opening_of(finding.trace) and finding.code not in POSSIBLE]
    return found, {file.path.stem: finding for file, finding in zip(files, shown, strict=True)}


def failing(root: Path) -> dict[str, list[Finding]]:
    """What is found against each scenario of the workspace, which can all be read."""
    found = validated(root, memory=MEMORY)
    unread = [finding for finding in found.findings if finding.place.path.startswith("workflows/scenarios")]
    assert not unread, [str(finding.message) for finding in unread]
    calendar = found.workspace.build_calendar()
    return {told.name: check_scenario(found.workspace, calendar, told) for told in found.workspace.scenarios}


def pairs(name: str) -> tuple[list[Example], list[Example]]:
    return [e for e in PAGES[name] if e.fails], [e for e in PAGES[name] if not e.fails]


@pytest.mark.parametrize("name", RUNS)
def test_the_scenario_of_a_page_fails_and_holds_once_it_is_mended(name: str, tmp_path: Path) -> None:
    bad, good = pairs(name)
    root = copy_base(tmp_path / "bad")
    for example in bad:
        lay(example, root)
    _, files = written(root, root / "workflows" / "scenarios")
    mine = {file for file, finding in files.items() if finding.code == name.upper()}
    judged = failing(root)
    assert all(judged[file] for file in mine), judged
    mended = copy_base(tmp_path / "good")
    for example in good:
        lay(example, mended)
    (mended / "workflows" / "scenarios").mkdir(exist_ok=True)
    for file in mine:
        text = (root / "workflows" / "scenarios" / f"{file}.yaml").read_text("utf-8")
        (mended / "workflows" / "scenarios" / f"{file}.yaml").write_text(text, "utf-8")
    after = failing(mended)
    assert not any(after[file] for file in mine), [str(f.message) for file in mine for f in after[file]]


def test_a_run_under_a_setting_is_judged_under_it_and_holds_once_it_is_mended(tmp_path: Path) -> None:
    root = lay_folder(TESTS / "golden" / "malformed" / "172-a-limit-at-the-top-of-its-range", tmp_path)
    _, files = written(root, root / "workflows" / "scenarios")
    (name,) = files
    assert "tries: '5'" in (root / "workflows" / "scenarios" / f"{name}.yaml").read_text("utf-8")
    (finding,) = failing(root)[name]
    assert str(finding.message) == "“few-tries” is violated by send (event 14)"
    errand = root / "workflows" / "procedures" / "errand.yaml"
    errand.write_text(errand.read_text("utf-8").replace("limit: tries, then: declined", "limit: 3, then: declined"))
    assert failing(root) == {name: []}


@pytest.mark.parametrize("name", ("FJ401", "FJ402", "FJ403", "FJ405"))
def test_the_scenario_of_a_guarantee_fails_with_its_name_and_holds_once_the_run_cannot_happen(
    name: str, tmp_path: Path
) -> None:
    for example in (example for example in examples(registry.page(name) or "") if example.fails):
        lay(example, copy_base(tmp_path))
    found, files = written(tmp_path, tmp_path / "workflows" / "scenarios")
    judged = failing(tmp_path)
    own = [file for file, finding in files.items() if finding.code == name]
    assert own
    scenarios = {scenario.name: scenario for scenario in validated(tmp_path, memory=MEMORY).workspace.scenarios}
    for file in own:
        then = scenarios[file].then
        names = then.names_at("fulfils" if name == "FJ403" else "keeps") or ()
        guarantees = found.workspace.procedures[scenarios[file].procedure].guarantees
        said = [str(finding.message) for finding in judged[file]]
        assert names and any(f"“{guarantees[name].title or name}" in message for message in said for name in names)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_run_of_a_malformed_workspace_can_be_driven(folder: Path, tmp_path: Path) -> None:
    root = lay_folder(folder, tmp_path)
    _, files = written(root, root / "workflows" / "written")
    (root / "workflows" / "scenarios").mkdir(exist_ok=True)
    for file in files:
        (root / "workflows" / "written" / f"{file}.yaml").rename(root / "workflows" / "scenarios" / f"{file}.yaml")
    if files:
        judged = failing(root)
        assert not [file for file in files if not judged[file]]
