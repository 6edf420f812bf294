"""``fujin schema``: what it writes, judged by check-jsonschema with the shipped and the malformed files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from fujin_cli.store.shapes.kinds import KINDS
from tests.commands.support_cli import ROOT, City
from tests.support import BASE, TESTS

MALFORMED = TESTS / "golden" / "malformed"
FOLDERS = {"committees": "committee", "rosters": "roster", "procedures": "procedure"}


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("schemas")
    ran = City(folder).run("schema", "made/here", "--json")
    assert (ran.code, ran.json["version"], len(ran.json["files"])) == (0, 1, len(KINDS))
    return folder / "made" / "here"


def check(schemas: Path, kind: str, files: list[Path]) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "check-jsonschema"
    schema = schemas / f"{kind}.schema.json"
    return subprocess.run([program, "--schemafile", schema, *files], capture_output=True, text=True, timeout=60)


def kind_of(path: Path) -> str:
    return "scenario" if "/workflows/scenarios/" in path.as_posix() else FOLDERS.get(path.parent.name, path.stem)


@pytest.mark.parametrize("kind", KINDS)
def test_shipped_files_are_valid(schemas: Path, kind: str) -> None:
    files = [path for root in (ROOT, BASE) for path in sorted((root / "workflows").rglob("*.yaml"))]
    ran = check(schemas, kind, [path for path in files if kind_of(path) == kind])
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize(
    "name",
    ["004-unknown-key-of-step", "005-unknown-key-of-member", "006-unknown-key-at-top", "007-list-where-a-name-belongs",
     "008-mapping-where-a-list-belongs", "010-title-missing", "011-term-half", "022-no-count", "023-not-built-yet"],
)  # fmt: skip
def test_malformed_files_are_refused(schemas: Path, name: str) -> None:
    expected = (MALFORMED / name / "expected.txt").read_text("utf-8").splitlines()
    for path in sorted({line.split()[1].split(":")[0] for line in expected}):
        file = MALFORMED / name / "workflows" / path
        assert check(schemas, kind_of(file), [file]).returncode == 1, path


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


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    ran = City(tmp_path).run("schema", "--dry-run")
    assert (ran.code, ran.out.splitlines()[0], list(tmp_path.iterdir())) == (0, "schemas/workspace.schema.json", [])
    (tmp_path / "schemas").write_text("taken")
    assert City(tmp_path).run("schema").code == 2
