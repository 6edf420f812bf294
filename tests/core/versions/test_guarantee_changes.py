"""What became of the guarantees of a version: judged by what they mean in the next one."""

from __future__ import annotations

from datetime import date

import pytest

from fujin_cli.core.versions.compare import compare_workspaces
from tests.support.small_town import procedure, town

ERRAND = """
fields: {reason: {type: text, optional: yes}}
steps:
  asked:
    owner: clerk
    within: 1 working day
    actions:
      take: {to: doing, by: clerk, tell: {reporter: answer}}
      drop: {to: done, by: clerk, tell: {reporter: answer}}
  doing:
    owner: clerk
    within: 5 working days
    actions: {finish: {to: done, by: clerk, tell: {reporter: answer}}, wait: {by: clerk, limit: 1}}
  done: {end: done}
guarantees:
  rule: RULE
"""

VISIT = """
settings: {enough: {type: count, default: 3, from: 3, up_to: 5}}
fields: {panel: {type: list, of: person, optional: yes}, reporter: {type: contact, required: yes}}
people:
  reporter: {contact: reporter, proof: acceptance-code, through: [inspector]}
  inspector: {role: inspector, of: community, not: [clerk]}
  clerk: {role: clerk, of: community}
  street: {role: supervisor, of: street}
steps:
  asked:
    owner: clerk
    within: 1 working day
    actions: {take: {to: doing, by: clerk, needs: {panel: {at_least: enough}}}}
  doing:
    owner: clerk
    within: 5 working days
    actions: {approve: {to: done, by: reporter, tell: {reporter: answer}}, refuse: {to: asked, by: reporter, limit: 2}}
  done: {end: done}
guarantees:
  quorate: {before: take, quorum: {panel: enough}}
  approved: {before: {enter: done}, require: approve, since: take}
  own-word: {only: {approve: reporter, refuse: reporter}}
"""


def fates(old: str, new: str) -> dict[str, str]:
    comparison = compare_workspaces(town(procedure(old)), town(procedure(new)), date(2026, 6, 1))
    return {fate.name: fate.fate for difference in comparison.procedures for fate in difference.guarantees}


def fates_after(*edits: tuple[str, str]) -> dict[str, str]:
    new = VISIT
    for before, after in edits:
        assert before in new
        new = new.replace(before, after)
    return fates(VISIT, new)


@pytest.mark.parametrize(
    ("strong", "weak"),
    [
        ("{at_most: {wait: 1}}", "{at_most: {wait: 2}}"),
        ("{before: finish, require: take}", "{before: finish, require: [take, wait]}"),
        ("{before_each: finish, require: take}", "{before: finish, require: take}"),
        ("{before: finish, require: take}", "{before: finish, require: take, except: wait}"),
        ("{before: finish, require: take}", "{before: {action: finish, where: {reason: given}}, require: take}"),
        ("{always_together: [take, finish]}", "{after: take, eventually: finish}"),
        ("{after: take, eventually: finish, within: 9 working days}", "{after: take, eventually: finish}"),
        (
            "{after: take, eventually: finish, within: 9 working days}",
            "{after: take, eventually: finish, within: 10 working days}",
        ),
        ("{different_people: [take, finish, drop]}", "{different_people: [take, finish]}"),
        ("{only: {finish: clerk, take: clerk}}", "{only: {finish: clerk}}"),
        ("{only: {finish: clerk}}", "{only: {finish: [clerk, inspector]}}"),
        ("{never_both: [finish, drop, {tells: street}]}", "{never_both: [finish, drop]}"),
    ],
)
def test_less_under_the_same_name_is_weaker_and_more_is_not(strong: str, weak: str) -> None:
    old, new = ERRAND.replace("RULE", strong), ERRAND.replace("RULE", weak)

    assert fates(old, new) == {"rule": "weakened"}
    assert fates(new, old) == {"rule": "changed"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("{before: finish, require: take}", "{before: {enter: done}, require: {tells: reporter}}"),
        ("{never: {tells: street}}", "{never: {tells: community}}"),
    ],
)
def test_another_statement_in_its_place_is_weaker(one: str, other: str) -> None:
    old, new = ERRAND.replace("RULE", one), ERRAND.replace("RULE", other)

    assert fates(old, new) == fates(new, old) == {"rule": "weakened"}


@pytest.mark.parametrize(
    ("words", "same"),
    [
        ("{never_both: [finish, drop]}", "{never_both: [drop, finish]}"),
        ("{eventually: {enter: done}}", "{eventually: {end: done}}"),
        ("{after: opened, eventually: {tells: reporter}}", "{eventually: {tells: reporter}}"),
        ("{before: finish, require: take, since: opened}", "{before: finish, require: take}"),
    ],
)
def test_the_same_in_other_words_is_not_weaker(words: str, same: str) -> None:
    old, new = ERRAND.replace("RULE", words), ERRAND.replace("RULE", same)

    assert fates(old, new) == fates(new, old) == {"rule": "changed"}


def test_several_guarantees_together_may_state_an_old_one() -> None:
    old = ERRAND.replace("RULE", "{always_together: [take, finish]}")
    parts = "{after: take, eventually: finish}\n  other: {before: finish, require: take}"

    assert fates(old, ERRAND.replace("RULE", parts)) == {"rule": "changed", "other": "gained"}


def test_an_old_guarantee_that_the_new_version_breaks_is_lost_whatever_stands_under_its_name() -> None:
    bypass = ("refuse: {to: asked", "skip: {to: done, by: clerk}, refuse: {to: asked")

    assert fates_after(bypass) == {"approved": "lost"}
    assert fates_after(bypass, (", require: approve, since: take", ", require: take")) == {"approved": "lost"}
    assert fates_after(bypass, ("  approved: {before: {enter: done}, require: approve, since: take}\n", "")) == {
        "approved": "lost"
    }


def test_a_guarantee_that_is_dropped_and_not_broken_is_weakened() -> None:
    own_word = "  own-word: {only: {approve: reporter, refuse: reporter}}\n"

    assert fates_after((own_word, "")) == {"own-word": "weakened"}
    assert fates_after((own_word, own_word.replace("own-word", "complainant-alone"))) == {"own-word": "changed"}


def test_who_alone_may_act_is_judged_by_who_the_names_were() -> None:
    assert fates_after(("approve: {to: done, by: reporter", "approve: {to: done, by: [reporter, street]")) == {
        "own-word": "lost"
    }
    widened = ("only: {approve: reporter", "only: {approve: [reporter, street]")
    assert fates_after(("approve: {to: done, by: reporter", "approve: {to: done, by: [reporter, street]"), widened) == {
        "own-word": "lost"
    }
    assert fates_after(("proof: acceptance-code, ", "")) == {"own-word": "lost"}
    assert fates_after(("reporter: {contact: reporter, proof: acceptance-code,", "reporter: {role: clerk,")) == {
        "own-word": "lost"
    }


@pytest.mark.parametrize(
    ("edit", "fate"),
    [
        (("panel: {at_least: enough}", "panel: {at_least: 2}"), "lost"),
        (("default: 3, from: 3", "default: 3, from: 2"), "lost"),
        (("quorum: {panel: enough}", "quorum: {panel: 2}"), "weakened"),
        (("quorum: {panel: enough}", "quorum: {panel: 3}"), "weakened"),
        (("up_to: 5", "up_to: 4"), "weakened"),
    ],
)
def test_a_quorum_is_compared_by_the_values_of_settings(edit: tuple[str, str], fate: str) -> None:
    assert fates_after(edit) == {"quorate": fate}


def test_renames_are_followed() -> None:
    assert (
        fates_after(
            ("approve: {to", "accept: {was: approve, to"),
            ("require: approve", "require: accept"),
            ("only: {approve", "only: {accept"),
            ("  done: {end", "  over: {was: done, end"),
            ("to: done", "to: over"),
            ("enter: done", "enter: over"),
        )
        == {}
    )
    assert fates_after(
        ("approve: {to", "accept: {was: approve, to"),
        ("require: approve", "require: take"),
        ("only: {approve", "only: {accept"),
    ) == {"approved": "weakened"}


def test_a_guarantee_about_what_was_removed_is_no_loss() -> None:
    old = ERRAND.replace("RULE", "{never: {tells: street}}\n  waits: {at_most: {wait: 1}}")
    without_waiting = old.replace(", wait: {by: clerk, limit: 1}", "").replace("\n  waits: {at_most: {wait: 1}}", "")

    assert fates(old, without_waiting) == {"waits": "changed"}
