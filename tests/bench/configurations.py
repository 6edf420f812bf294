"""Valid workspaces of a given number of YAML lines: the city's own files and further copies of a procedure."""

from __future__ import annotations

import json
import re
from pathlib import Path

from fujin_cli.store.shapes.kinds import KINDS
from tests.bench.ledgers import workspace


def lines_of(folder: Path) -> int:
    """Lines of all YAML files of a workspace."""
    return sum(len(path.read_text("utf-8").splitlines()) for path in folder.rglob("*.yaml"))


def small(folder: Path) -> Path:
    """About 1 200 lines: the template's organisation and the shipped procedures, the request twice."""
    from fujin_cli.store.template import template_files

    for path, data in template_files().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return _grow(folder, 1200)


def large(folder: Path) -> Path:
    """About 12 000 lines: the city of Fujin, and further copies of its request."""
    return _grow(workspace(folder), 12000)


def _grow(folder: Path, lines: int) -> Path:
    text = (folder / "workflows" / "procedures" / "resident-request.yaml").read_text("utf-8")
    number = 1
    while lines_of(folder) + len(text.splitlines()) <= lines + 100:
        number += 1
        name = f"resident-request-{number}"
        copy = re.sub(r"^procedure: .*$", f"procedure: {name}", text, flags=re.M)
        copy = copy.replace("type: case, of: resident-request", f"type: case, of: {name}")
        copy = copy.replace("            give: {about: this case}\n", "")
        (folder / "workflows" / "procedures" / f"{name}.yaml").write_text(copy, "utf-8")
    return folder


def schemas(folder: Path) -> dict[str, Path]:
    """Kind → its JSON Schema, generated from the models."""
    found = {}
    for kind, model in KINDS.items():
        found[kind] = folder / f"{kind}.schema.json"
        found[kind].write_text(json.dumps(model.model_json_schema(), ensure_ascii=False), "utf-8")
    return found


def files_of(folder: Path) -> dict[str, list[str]]:
    """Kind → the workspace's files of that kind."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*.yaml")):
        kind = next(line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#"))
        found.setdefault(kind.split(":")[0], []).append(str(path))
    return found
