"""``fujin schema``: what it writes, judged by check-jsonschema with the shipped and the malformed files."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from fujin_cli.store.schema.check import check_shape
from fujin_cli.store.schema.shapes.kinds import KINDS
from fujin_cli.store.yaml.read import read_yaml
from tests.support.command_line import City
from tests.support.golden_workspaces import BASE
from tests.support.paths import ROOT, TESTS

pytestmark = pytest.mark.slow

MALFORMED = TESTS / "golden" / "malformed"
SHIPPED = (ROOT / "workflows", ROOT / "fujin_cli" / "templates" / "full" / "workflows", BASE / "workflows")
# Of valid shape, though other things are wrong with them; the city needs no migration itself.
MIGRATIONS = MALFORMED / "140-migrations-that-lead-nowhere" / "workflows" / "migrations"
# What values or keys mean together is more than a schema says. Whoever makes the schemas say it takes the line out.
BEYOND_A_SCHEMA = {
    "142-lines-that-name-nothing": "a line of `when` names an action, which any word may be",
    "148-a-scenario-that-expects-nothing": "an empty `then` has the right form",
    "211-a-rung-at-two-moments": "one of `before`, `at`, `after`: which keys go together",
    "212-a-step-within-and-lasting": "`within` or `lasts`: which keys go together",
    "227-a-negative-limit": "numbers are read as text, and what a number says is beyond a pattern of it",
    "229-hours-that-end-before-they-begin": "two times compared",
    "230-a-zone-that-is-none": "zones are a list of this machine",
}
SHAPE = ("FJ003", "FJ004", "FJ005", "FJ009", "FJ020")


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("schemas")
    ran = City(folder).run("schema", "made/here", "--json")
    assert (ran.code, ran.json["version"], len(ran.json["files"])) == (0, 1, len(KINDS))
    return folder / "made" / "here"


def refused(schemas: Path, kind: str, files: list[Path]) -> set[Path]:
    """The files that check-jsonschema does not accept."""
    program = Path(sys.executable).parent / "check-jsonschema"
    asked = [program, "--schemafile", schemas / f"{kind}.schema.json", "-o", "json", *files]
    ran = subprocess.run(asked, capture_output=True, text=True, timeout=120)
    answer = json.loads(ran.stdout)
    return {Path(entry["filename"]) for entry in (*answer.get("errors", ()), *answer.get("parse_errors", ()))}


def judged(files: list[Path]) -> dict[str, dict[Path, set[str]]]:
    """Kind → file → the codes of its shape, for files that are YAML and of a known kind."""
    found: dict[str, dict[Path, set[str]]] = defaultdict(dict)
    for path in files:
        source = read_yaml(path.read_bytes(), path.name)
        checked = check_shape(source)
        codes = {finding.code for finding in (*source.findings, *checked.findings)}
        if checked.kind and source.tree and not source.findings and next(iter(source.tree)) == checked.kind:
            found[checked.kind][path] = codes
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_shipped_files_are_valid(schemas: Path, kind: str) -> None:
    files = judged([path for folder in (*SHIPPED, MIGRATIONS) for path in sorted(folder.rglob("*.yaml"))])[kind]
    assert files
    assert refused(schemas, kind, list(files)) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_of_the_malformed_files_those_with_a_wrong_shape_are_refused(schemas: Path, kind: str) -> None:
    files = judged(sorted(MALFORMED.glob("*/workflows/**/*.yaml"))).get(kind, {})
    if not files:
        return
    found = refused(schemas, kind, list(files))
    wrong = {path for path, codes in files.items() if codes}
    missed = {path.relative_to(MALFORMED).parts[0] for path in wrong - found}
    here = {path.relative_to(MALFORMED).parts[0] for path in wrong}
    assert (found - wrong, missed) == (set(), here & set(BEYOND_A_SCHEMA))


def test_enough_malformed_files_have_a_wrong_shape() -> None:
    files = judged(sorted(MALFORMED.glob("*/workflows/**/*.yaml")))
    assert {code for by_path in files.values() for codes in by_path.values() for code in codes} >= set(SHAPE)


def test_every_shape_is_described_in_both_languages(schemas: Path) -> None:
    for path in schemas.iterdir():
        for described in descriptions(json.loads(path.read_text("utf-8"))):
            assert re.search(r"[\u4e00-\u9fff]", described), (path.name, described)


def descriptions(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["description"]] if isinstance(node.get("description"), str) else []
        return own + [found for value in node.values() for found in descriptions(value)]
    return [found for item in node for found in descriptions(item)] if isinstance(node, list) else []


def test_schemas_are_schemas_that_need_no_network(schemas: Path) -> None:
    for path in schemas.iterdir():
        schema = json.loads(path.read_text("utf-8"))
        Draft202012Validator.check_schema(schema)
        assert schema["$id"] == f"urn:fujin:schema:{path.name.removesuffix('.schema.json')}"
        assert all(reference.startswith("#/$defs/") for reference in references(schema))


def references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [reference for value in node.values() for reference in references(value)]
    return [reference for item in node for reference in references(item)] if isinstance(node, list) else []


def test_the_documented_settings_give_each_file_the_schema_of_its_kind(schemas: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "editor-schemas.md").read_text("utf-8")
    associated = json.loads(page.split("```json\n")[1].split("```")[0])["yaml.schemas"]
    assert {Path(schema).name for schema in associated} == {path.name for path in schemas.iterdir()}
    matched: set[Path] = set()
    for schema, pattern in associated.items():
        for path in ROOT.glob(pattern):
            assert next(iter(read_yaml(path.read_bytes(), path.name).tree)) == Path(schema).name.split(".")[0], path
            matched.add(path)
    assert matched == set((ROOT / "workflows").rglob("*.yaml"))


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    ran = City(tmp_path).run("schema", "--dry-run")
    assert (ran.code, ran.out.splitlines()[0], list(tmp_path.iterdir())) == (0, "schemas/workspace.schema.json", [])
    (tmp_path / "schemas").write_text("taken")
    assert City(tmp_path).run("schema").code == 2
