"""One mistake is one finding: what only follows from another finding is not told beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.simulate.mutations import Mutation, apply_mutation
from fujin_cli.rules.support.root_causes import root_unreached_steps
from tests.support.golden_workspaces import copy_base, findings_of
from tests.support.small_town import procedure, town


def edited(root: Path, mutation: Mutation, name: str = "errand") -> list[str]:
    """What is found once the procedure is edited in one place."""
    copy_base(root)
    file = root / "workflows/procedures" / f"{name}.yaml"
    tree = yaml.load(file.read_text("utf-8"), yaml.BaseLoader)
    file.write_text(yaml.safe_dump(apply_mutation(tree, mutation), sort_keys=False), "utf-8")
    return [f"{finding.code} {finding.message}" for finding in findings_of(root)]


@pytest.mark.parametrize(
    ("mutation", "found"),
    [
        (  # neither Checking, which only Running leads to, nor the pause that is for Running alone
            Mutation("drop", ("steps", "asked", "actions", "send")),
            ["FJ301 no case can reach Running"],
        ),
        (  # neither that finish and the automatic move are never made, nor that nothing comes to Checking
            Mutation("drop", ("steps", "asked", "actions", "send", "opens", "orders")),
            ["FJ312 a case can wait forever at Running: it has no case of orders"],
        ),
        (Mutation("drop", ("steps", "running", "then", 0, "when")), ["FJ302 finish can never be taken"]),
        (
            Mutation("retarget", ("steps", "joined", "then", 0, "to"), "joined"),
            ["FJ308 automatic moves loop forever: Joined"],
        ),
        (  # and not of the limit of a move after which nothing goes on
            Mutation("retarget", ("steps", "running", "then", 0, "to"), "joined"),
            ["FJ312 a case can wait forever at Joined: it has no case of same_as"],
        ),
        (Mutation("drop", ("steps", "done", "reopen", "limit")), ["FJ005 limit is missing"]),
    ],
    ids=lambda value: value.describe() if isinstance(value, Mutation) else "",
)
def test_what_follows_from_a_finding_is_not_told_beside_it(
    mutation: Mutation, found: list[str], tmp_path: Path
) -> None:
    assert edited(tmp_path, mutation) == found


def test_a_mistake_that_is_two_is_told_twice(tmp_path: Path) -> None:
    """A move that leads elsewhere leaves one step without cases and brings them to where they cannot go on."""
    assert edited(tmp_path, Mutation("retarget", ("steps", "running", "actions", "finish", "to"), "joined")) == [
        "FJ312 a case can wait forever at Joined: it has no case of same_as",
        "FJ301 no case can reach Checking",
    ]


def version_of(leads: dict[str, str]) -> Procedure:
    """Steps whose one action leads to the step named; ``go`` is its name."""
    steps = {name: {"owner": "clerk", "actions": {"go": {"by": "clerk", "to": to}}} for name, to in leads.items()}
    return town({**procedure("steps: {}"), "steps": {**steps, "done": {"end": "done"}}}).procedures["loop"]


@pytest.mark.parametrize(
    ("leads", "told", "first"),
    [
        ({"a": "done", "b": "c", "c": "done"}, [], ["b"]),
        ({"a": "done", "c": "done", "b": "c"}, [], ["b"]),  # wherever the first of them stands
        ({"a": "done", "b": "c", "c": "b"}, [], ["b"]),  # a circle that nothing leads to
        ({"a": "done", "b": "c", "c": "b", "d": "b"}, [], ["d"]),
        ({"a": "done", "b": "done", "c": "done"}, [], ["b", "c"]),
        ({"a": "b", "b": "c", "c": "done"}, ["a.go"], []),  # the move that is never made says so
        ({"a": "b", "b": "c", "c": "done", "d": "c"}, ["a.go"], ["d"]),
    ],
)
def test_of_steps_without_cases_those_are_named_that_nothing_explains(
    leads: dict[str, str], told: list[str], first: list[str]
) -> None:
    assert list(root_unreached_steps(version_of(leads), frozenset({"a", "done"}), frozenset(told))) == first
