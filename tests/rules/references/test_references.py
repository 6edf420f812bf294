"""What a finding about a name says: the wrong word, the likely one, where that is defined; and when it keeps silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from fujin_cli.core.findings.finding import Finding, Place
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.defined_names import ANY_NAME, MOST_COMPARED, DefinedNames, language_words, unknown_name
from fujin_cli.rules.support.file_index import value_at
from fujin_cli.rules.support.setting_values import is_outside_range, is_value
from tests.support.golden_workspaces import copy_base, findings_of


def edited(root: Path, path: str, old: str, new: str) -> list[Finding]:
    file = copy_base(root) / "workflows" / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    return findings_of(root)


def test_a_wrong_name_is_marked_with_its_definition_beside_it(tmp_path: Path) -> None:
    (finding,) = edited(tmp_path, "procedures/errand.yaml", "owner: inspector", "owner: inspectr")
    assert str(finding.message) == "inspectr is not defined under people in this procedure"
    assert str(finding.help) == "did you mean inspector?"
    span = finding.place.span
    assert span and span.end_column - span.column == len("inspectr")
    (related,) = finding.related
    assert str(related.message) == "inspector is defined here"
    text = (tmp_path / related.place.path).read_text("utf-8").splitlines()
    assert related.place.span
    assert text[related.place.span.line - 1].strip().startswith("inspector: {role")


def test_a_name_like_no_other_gets_the_list(tmp_path: Path) -> None:
    (finding,) = edited(tmp_path, "procedures/order.yaml", "owner: helper", "owner: xyz")
    assert str(finding.help) == (
        "use one of these: clerk, helper; or declare a new one under people in workflows/procedures/order.yaml"
    )


def test_a_role_that_is_not_held_at_the_level_says_where_it_is(tmp_path: Path) -> None:
    edit = ("chief: {role: supervisor, of: community}", "chief: {role: collector, of: community}")
    (finding,) = edited(tmp_path, "procedures/errand.yaml", *edit)
    assert finding.code == "FJ102"
    assert "committee" in str(finding.help)


def test_what_is_left_out_for_its_shape_does_not_dangle(tmp_path: Path) -> None:
    edit = ("  clerk: {role: coordinator, of: committee}", "  clerk: [coordinator]")
    assert {finding.code for finding in edited(tmp_path, "procedures/errand.yaml", *edit)} == {"FJ004"}


def test_an_action_left_out_does_not_take_its_group_along(tmp_path: Path) -> None:
    edit = ("        needs: [helper]\n", "        needs: {helper: [x]}\n")
    codes = {finding.code for finding in edited(tmp_path, "procedures/errand.yaml", *edit)}
    assert codes == {"FJ004"}


def test_a_file_that_cannot_be_read_is_known_by_its_name_on_disk(tmp_path: Path) -> None:
    root = copy_base(tmp_path)
    (root / "workflows/procedures/order.yaml").write_text("]", "utf-8")
    assert {finding.code for finding in findings_of(root)} == {"FJ001"}


def test_many_names_are_listed_in_part_and_not_guessed() -> None:
    known = DefinedNames({f"name-{number}": None for number in range(MOST_COMPARED + 1)})
    finding = unknown_name("FJ101", say("unknown"), Place("a.yaml"), "name-x", known)
    assert str(finding.help).endswith(f"and {MOST_COMPARED + 1 - 12} more")
    assert finding.related == ()


def test_with_nothing_defined_the_help_says_so() -> None:
    finding = unknown_name("FJ101", say("unknown"), Place("a.yaml"), "x", language_words())
    assert "none is defined yet" in str(finding.help)


def test_everything_contains_everything() -> None:
    assert "x" in ANY_NAME
    assert "x" in (language_words("y") | ANY_NAME)
    assert "x" not in language_words("y")


@pytest.mark.parametrize(
    ("kind", "text", "fits"),
    [
        ("duration", "2 working days", True),
        ("duration", "2 wrking days", False),
        ("count", "3", True),
        ("count", "-3", False),
        ("count", "3.5", False),
        ("share", "60%", True),
        ("share", "7/2", False),
        ("other", "x", True),
    ],
)
def test_values_of_settings(kind: str, text: str, fits: bool) -> None:
    assert is_value(kind, text) == fits


@pytest.mark.parametrize(
    ("kind", "text", "low", "high", "out"),
    [
        ("count", "3", "1", "5", False),
        ("count", "1", "1", "5", False),
        ("count", "5", "1", "5", False),
        ("count", "0", "1", "5", True),
        ("count", "6", "1", "5", True),
        ("count", "6", "1", None, False),
        ("count", "x", "1", "5", False),
        ("share", "60%", "1/2", "2/3", False),
        ("share", "3/4", "1/2", "2/3", True),
        ("duration", "90 minutes", "1 hour", "2 hours", False),
        ("duration", "3 hours", "1 hour", "2 hours", True),
    ],
)
def test_ranges(kind: str, text: str, low: str | None, high: str | None, out: bool) -> None:
    assert is_outside_range(kind, text, low, high) == out


def test_at_finds_what_stands_there_and_nothing_else() -> None:
    tree = {"a": [{"b": "c"}], "d": "e"}
    assert value_at(tree, ("a", 0, "b")) == "c"
    assert value_at(tree, ("a", 1)) is None
    assert value_at(tree, ("d", "e")) is None
    assert value_at(tree, ()) == tree
