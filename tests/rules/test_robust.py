"""Whatever a file says, rules answer with findings: nothing raises, nothing is said twice, order never changes."""

from __future__ import annotations

import random
import sys
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fujin_cli.core.findings.finding import Finding, Place
from fujin_cli.core.model.workspace import File, Workspace, build_workspace
from fujin_cli.core.text.localized import say
from fujin_cli.rules import registry
from fujin_cli.store.schema.check import check_shape
from fujin_cli.store.yaml.read import read_yaml
from tests.support.golden_workspaces import BASE, TODAY
from tests.support.paths import ROOT

TEXTS = {path.relative_to(BASE).as_posix(): path.read_text("utf-8") for path in sorted(BASE.rglob("*.yaml"))}
WORDS = (
    "clerk",
    "done",
    "x",
    "[]",
    "{}",
    "[x, x]",
    "{x: y}",
    "",
    "3",
    "2 days",
    "ended",
    "open",
    "any end",
    "actor",
    "yes",
)


def judged(texts: dict[str, str]) -> list[Finding]:
    files = []
    for path, text in texts.items():
        entry = check_shape(read_yaml(text.encode(), path))
        files.append(File(path, entry.kind or "", entry.name or "", entry.tree, frozenset(entry.pruned)))
    return registry.check_all(build_workspace(files), TODAY)


def damaged(path: str, chance: random.Random) -> dict[str, str]:
    """The tiny workspace with a few words of one file exchanged, or lines left out."""
    lines = TEXTS[path].split("\n")
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        if chance.random() < 0.2:
            lines[at] = ""
            continue
        words = lines[at].split(" ")
        words[chance.randrange(len(words))] = chance.choice(WORDS)
        lines[at] = " ".join(words)
    return {**TEXTS, path: "\n".join(lines)}


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(TEXTS)), st.randoms(use_true_random=False))
def test_damaged_files_are_judged(path: str, chance: random.Random) -> None:
    texts = damaged(path, chance)
    findings = judged(texts)
    identities = [(f.place.path, f.place.route, f.code, str(f.message)) for f in findings]
    assert len(identities) == len(set(identities))
    assert findings == judged(texts)


@pytest.mark.parametrize("path", sorted(TEXTS))
def test_a_missing_file_is_judged(path: str) -> None:
    judged({other: text for other, text in TEXTS.items() if other != path})


def test_an_empty_workspace_is_judged() -> None:
    assert registry.check_all(Workspace(), date(2026, 6, 1)) == []


def test_findings_are_in_order_and_each_is_there_once() -> None:
    def finding(path: str, *route: str | int, code: str = "FJ101") -> Finding:
        return Finding(code, "error", say("{name} is unknown", name={"en": "a title"}), Place(path, route))

    mixed = [
        finding("b", "steps"),
        finding("a", "steps", 10),
        finding("a", "steps", 9),
        finding("a", "steps", 9),
        finding("a", "steps", 9, code="FJ100"),
        finding("a"),
    ]
    routes = [(f.place.path, f.place.route, f.code) for f in registry.sort_findings(mixed)]
    assert routes == [
        ("a", (), "FJ101"),
        ("a", ("steps", 9), "FJ100"),
        ("a", ("steps", 9), "FJ101"),
        ("a", ("steps", 10), "FJ101"),
        ("b", ("steps",), "FJ101"),
    ]


@pytest.mark.slow
def test_many_members_are_judged_in_linear_time() -> None:
    """Twice the members take about twice the work (four times would be quadratic)."""

    def calls(communities: int) -> int:
        """How many functions the rules call: a figure that no busy machine changes."""
        workspace = large(communities)
        counted = 0

        def count(_frame: object, event: str, _argument: object) -> None:
            nonlocal counted
            counted += event in ("call", "c_call")

        sys.setprofile(count)
        try:
            assert registry.check_all(workspace, TODAY) == []
        finally:
            sys.setprofile(None)
        return counted

    assert calls(160) < 2.5 * calls(80)


def large(communities: int) -> Workspace:
    files = []
    for path, text in TEXTS.items():
        entry = check_shape(read_yaml(text.encode(), path))
        files.append(File(path, entry.kind or "", entry.name or "", entry.tree))
    city = next(file.tree for file in files if file.kind == "jurisdiction")
    assert city is not None
    term = {"from": "2026-01-01", "until": "2028-12-31"}
    for id in (f"K{number}" for number in range(communities)):
        city["communities"][id] = {"title": id, "street": "north"}
        city["boards"][id] = {"title": id, "community": id}
        members = [
            {
                "person": f"{id}-{n}",
                "name": "x",
                "seat": "member" if n else "head",
                "roles": ["coordinator"],
                "term": term,
            }
            for n in range(7)
        ]
        committee = {
            "committee": f"{id}-e",
            "kind": "environment",
            "community": id,
            "title": id,
            "seats": {"head": "1", "member": "6"},
            "procedures": ["errand", "order"],
        }
        staff = [
            {"person": f"{id}-s{n}", "name": "x", "roles": [role]}
            for n, role in enumerate(("supervisor", "coordinator", "inspector"))
        ]
        files += [
            File(f"committees/{id}.yaml", "committee", f"{id}-e", committee),
            File(f"rosters/{id}-e.yaml", "roster", f"{id}-e", {"roster": f"{id}-e", "members": members}),
            File(f"rosters/{id}.yaml", "roster", id, {"roster": id, "staff": staff}),
        ]
    return build_workspace(files)


@pytest.mark.slow
def test_the_shipped_workspace_has_nothing_to_find() -> None:
    from tests.support.golden_workspaces import findings_of

    assert findings_of(ROOT) == []
