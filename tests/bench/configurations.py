"""Valid workspaces of any size, made of the template and of the procedures that fujin ships.

A city grows by communities, each with an office and a committee; ``many_procedures`` grows by copies of the request.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from fujin_cli.store.schema.shapes.kinds import KINDS
from fujin_cli.store.workspace.template import template_files
from tests.bench.ledgers import workspace


def lines_of(folder: Path) -> int:
    """Lines of all YAML files of a workspace."""
    return sum(len(path.read_text("utf-8").splitlines()) for path in folder.rglob("*.yaml"))


def tiny(folder: Path) -> Path:
    """About 20 lines in four files: the least that says what a place is and who works there."""
    (folder / "workflows").mkdir(parents=True)
    for name, text in TINY.items():
        (folder / "workflows" / name).write_text(text, "utf-8")
    return folder


TINY = {
    "workspace.yaml": """\
workspace: tiny
title: {zh: 小城, en: Tiny}
languages: [zh, en]
zone: Asia/Shanghai
calendar: {country: CN}
""",
    "jurisdiction.yaml": """\
jurisdiction: tiny
title: {zh: 小城, en: Tiny}
levels: [community, street]
roles:
  supervisor: {title: {zh: 监督员, en: Supervisor}, at: [community, street]}
streets:
  street-1: {title: {zh: 第一街道, en: First Street}}
communities:
  C01: {title: {zh: 第一社区, en: First Community}, street: street-1, households: 1000}
""",
    "street-1.yaml": """\
roster: street-1
staff:
  - {person: p-1, name: 样例甲, roles: [supervisor]}
""",
    "C01.yaml": """\
roster: C01
staff:
  - {person: p-2, name: 样例乙, roles: [supervisor]}
""",
}


def city(folder: Path, lines: int) -> Path:
    """The template with as many communities as make that many lines, their committees and rosters with them."""
    communities = 1
    while lines_of(template(folder, communities)) + LINES_OF_A_COMMUNITY <= lines:
        missing = lines - lines_of(folder)
        communities += max(1, missing // LINES_OF_A_COMMUNITY)
    return folder


MEMBERS = 17  # of a community: twelve seats on its committee and five who work in its office
LINES_OF_A_COMMUNITY = 38
COMMUNITIES_OF_A_STREET = 50


def template(folder: Path, communities: int) -> Path:
    """The template's organisation, so many times over: ``MEMBERS`` members in each community, all of them invented."""
    files = {path: data.decode() for path, data in template_files().items()}
    written = {path: text for path, text in files.items() if "/rosters/C01" not in path and "/committees/" not in path}
    head, _, rest = files["workflows/jurisdiction.yaml"].partition("\nstreets:\n")
    streets = "".join(f"  street-{n}: {{title: 第{n}街道}}\n" for n in range(1, _street(communities) + 1))
    places = "".join(_place(number) for number in range(1, communities + 1))
    boards = "".join(
        f"  {_id(n)}-board: {{title: 公示栏{n}, community: {_id(n)}}}\n" for n in range(1, communities + 1)
    )
    written["workflows/jurisdiction.yaml"] = (
        f"{head}\nstreets:\n{streets}\ncommunities:\n{places}\nboards:\n{boards}" if rest else head
    )
    written["workflows/menu.yaml"] = files["workflows/menu.yaml"].replace("up_to: 9", "up_to: 12")
    written["workflows/partners.yaml"] = files["workflows/partners.yaml"].replace("C01", _id(1))
    for number in range(1, _street(communities) + 1):
        roster = files["workflows/rosters/street-1.yaml"].replace("street-1", f"street-{number}")
        written[f"workflows/rosters/street-{number}.yaml"] = roster.replace("p-21", f"s-{number}")
    for number in range(1, communities + 1):
        written |= _community(_id(number))
    for path, text in written.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return folder


def _id(number: int) -> str:
    return f"C{number:04d}"


def _street(number: int) -> int:
    return (number - 1) // COMMUNITIES_OF_A_STREET + 1


def _place(number: int) -> str:
    return (
        f"  {_id(number)}:\n    title: {{zh: 第{number}社区, en: Community {number}}}\n"
        f"    street: street-{_street(number)}\n"
        "    households: 1000\n    floor_area: 300\n    traits: [market-street]\n"
    )


def _community(name: str) -> dict[str, str]:
    term = "term: {from: 2026-01-01, until: 2098-12-31}"
    seats = ["coordinator", "collector", *["inspector"] * 10]
    members = "".join(
        f"  - {{person: {name}-{n}, name: 样例{n}, seat: {'member' if n else 'head'}, roles: [{role}], "
        f"group: resident, {term}}}\n"
        for n, role in enumerate(seats)
    )
    staff = "".join(
        f"  - {{person: {name}-{n}, name: 样例{n}, roles: [{role}]}}\n"
        for n, role in enumerate(["supervisor", "coordinator", "inspector", "inspector", "collector"], 20)
    )
    return {
        f"workflows/committees/{name}.yaml": (
            f"committee: {name}-environment\nkind: environment\ncommunity: {name}\n"
            f"title: {{zh: 专委会{name}, en: Committee {name}}}\nfounded: {{on: 2026-01-01}}\n"
            "seats: {head: 1, member: 11}\n"
            "procedures: [resident-request, work-order, joint-conference, objection]\n"
        ),
        f"workflows/rosters/{name}-environment.yaml": f"roster: {name}-environment\nmembers:\n{members}",
        f"workflows/rosters/{name}.yaml": f"roster: {name}\nstaff:\n{staff}",
    }


def many_procedures(folder: Path, lines: int) -> Path:
    """The city of Fujin, and further copies of its request: the dearest kind of line there is."""
    return _grow(workspace(folder), lines)


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
