"""``fujin procedure replay`` says which guarantee is violated, and by which event."""

from __future__ import annotations

from pathlib import Path

from tests.support.command_line import City
from tests.support.golden_workspaces import copy_base

GUARANTEE = """
guarantees:
  never-declined: {title: nobody is declined, never: decline}
"""


def laid(root: Path) -> City:
    """The tiny workspace, with one guarantee that a run can violate; an ignore lets its cases be opened."""
    copy_base(root)
    file = root / "workflows/procedures/errand.yaml"
    kept = GUARANTEE.replace("never-declined: {", "never-declined: # fujin: ignore[FJ401] for this test\n    {")
    file.write_text(file.read_text("utf-8").split("\nguarantees:")[0] + kept, "utf-8")
    return City(root)


def test_a_replay_names_the_guarantee_at_the_event_that_violates_it(tmp_path: Path) -> None:
    city = laid(tmp_path)
    ran = city.run("procedure", "replay", "errand", "--actions", "decline", "--json")
    assert [event["violated"] for event in ran.json["events"]] == [[], ["never-declined"]], ran
    text = city.run("procedure", "replay", "errand", "--actions", "decline").out
    assert "this violates “nobody is declined (never-declined)”" in text
