"""What a migration does to time: what fired does not fire again, and a kept deadline stays what it was."""

from __future__ import annotations

import pytest

from fujin_cli.core.model.migration_file import Migration
from tests.core.versions.test_migrate import moved_to, taken, undo_migration
from tests.support.case_sandbox import CaseSandbox

OLD = """
fields: {reason: {type: text, optional: yes}, day: {type: date, optional: yes}}
steps:
  asked:
    owner: clerk
    within: 1 working day
    actions: {take: {to: doing, by: clerk}}
  doing:
    owner: clerk
    within: 5 working days
    ladder:
      - {before: 1 working day, tell: [clerk]}
      - {at: deadline, tell: [clerk]}
      - {after: 1 working day, raise: community}
    actions: {finish: {to: done, by: clerk}, wait: {by: clerk}}
  period: {lasts: 2 working days, then: [{when: {time: up}, to: asked}]}
  done: {end: done}
anytime:
  pause: {by: clerk, in: [doing], needs: [day], stops_clock_until: day, limit: 3}
"""
ASKING = OLD.replace("take: {to: doing, by: clerk}", "take: {to: doing, by: clerk, needs: [reason]}")
LADDER = "before: 1 working day, tell: [clerk]}"


def file(on: CaseSandbox, case: str, steps: dict[str, str], keeps: bool = True) -> Migration:
    return Migration(
        "again", "loop", on.replay_case(case).version_digest[:12], "", steps, keeps, "because", "city-1", "m.yaml"
    )


def late(text: str = OLD) -> tuple[CaseSandbox, str]:
    """A case that was reminded, demanded and raised: due on Monday the 8th, now Wednesday the 10th at ten."""
    on, case = taken(text)
    on.at("2026-06-10T10:00")
    assert on.tick(case) == ["doing.ladder.1", "doing.ladder.2", "doing.ladder.3"]
    return on, case


def test_what_has_fired_does_not_fire_again_at_a_kept_deadline() -> None:
    on, case = late()
    due = on.due(case)
    plan = moved_to(on, case, ASKING, file(on, case, {"doing": "doing"}))
    assert plan.way == "mapped"
    assert on.tick(case) == []
    assert (on.replay_case(case).raised, on.due(case)) == (("community",), due)  # the fresh deadline, too
    on.check_replay(case)
    on.do(case, "finish", "supervisor-1")  # who was called in still may act
    on.check_replay(case)


def test_a_time_that_begins_anew_has_its_whole_ladder_ahead() -> None:
    on, case = late()
    moved_to(on, case, ASKING, file(on, case, {"doing": "doing"}, keeps=False))
    assert (on.replay_case(case).raised, on.replay_case(case).fired, on.due(case)) == (
        (),
        frozenset(),
        "2026-06-17T17:00",
    )
    on.at("2026-06-19T10:00")
    assert on.tick(case) == ["doing.ladder.1", "doing.ladder.2", "doing.ladder.3"]


def test_rungs_are_told_by_their_time_and_not_by_their_place() -> None:
    earlier = ASKING.replace(LADDER, LADDER + "\n      - {before: 3 working days, tell: [coordinator]}")
    swapped = earlier.replace("before: 1 w", "before: x w").replace("before: 3 w", "before: 1 w").replace("x w", "3 w")
    for text, fires in ((earlier, ["doing.ladder.2"]), (swapped, ["doing.ladder.1"])):
        on, case = taken(OLD)
        on.at("2026-06-07T10:00")
        assert on.tick(case) == ["doing.ladder.1"]
        moved_to(on, case, text, file(on, case, {"doing": "doing"}))
        assert on.tick(case) == fires  # the one that the old law did not have, and no other
        on.check_replay(case)


def test_a_rung_of_another_time_is_the_same_one_and_a_raise_is_no_reminder() -> None:
    on, case = taken(OLD.replace("after: 1 working day, raise: community", "after: 1 working day, tell: [clerk]"))
    on.at("2026-06-10T10:00")
    on.tick(case)
    sooner = ASKING.replace(LADDER, "before: 2 working days, tell: [clerk]}")
    moved_to(on, case, sooner, file(on, case, {"doing": "doing"}))
    assert on.tick(case) == ["doing.ladder.3"]  # nobody above was called in yet
    assert on.replay_case(case).raised == ("community",)


def test_what_fired_stays_fired_at_another_step_too() -> None:
    on, case = late()
    other = ASKING.replace("steps:\n", "steps:\n  x: {owner: clerk, actions: {go: {to: asked, by: clerk}}}\n")
    other = other.replace(
        "  period:",
        "  working:\n    owner: clerk\n    within: 2 working days\n    ladder:\n"
        "      - {at: deadline, tell: [clerk]}\n      - {after: 9 working days, raise: street}\n"
        "    actions: {finish: {to: done, by: clerk}}\n  period:",
    )
    due = on.due(case)
    moved_to(on, case, other, file(on, case, {"doing": "working"}))
    assert (on.step(case), on.due(case), on.tick(case)) == ("working", due, [])
    assert (on.replay_case(case).fired, on.replay_case(case).raised) == (frozenset({0}), ("community",))
    on.at("2026-06-22T10:00")
    assert on.tick(case) == ["working.ladder.2"]
    assert on.replay_case(case).raised == ("community", "street")


@pytest.mark.parametrize("keeps", [True, False])
def test_a_pause_stops_the_clock_after_a_migration_as_before(keeps: bool) -> None:
    on, case = taken(OLD)
    on.at("2026-06-02T10:00")
    moved_to(on, case, ASKING.replace("within: 5", "within: 3"), file(on, case, {"doing": "doing"}, keeps))
    assert on.due(case) == ("2026-06-08T17:00" if keeps else "2026-06-05T17:00")
    on.do(case, "pause", "clerk-1", day="2026-06-04")
    assert on.due(case) == ("2026-06-10T17:00" if keeps else "2026-06-08T17:00")
    on.later(days=1)
    on.resume(case, "clerk-1")
    # A pause takes away the closes of offices that lie in it: that of the 2nd, from which the new time begins anyway.
    assert on.due(case) == ("2026-06-09T17:00" if keeps else "2026-06-05T17:00")
    on.check_replay(case)


def test_a_pause_goes_on_through_a_migration_and_ends_as_planned() -> None:
    on, case = taken(OLD)
    on.do(case, "pause", "clerk-1", day="2026-06-04")
    due = on.due(case)
    moved_to(on, case, ASKING, file(on, case, {"doing": "doing"}))
    assert on.replay_case(case).running_pause and on.due(case) == due
    on.at("2026-06-03T09:00")
    on.resume(case, "clerk-1")
    assert on.due(case) != due  # it goes on sooner than planned, and so the deadline comes sooner
    on.check_replay(case)


def test_a_period_that_is_over_stays_over_at_a_kept_deadline() -> None:
    old = OLD.replace("take: {to: doing, by: clerk}", "take: {to: period, by: clerk}").replace(
        "{time: up}, to: asked", "{time: up, reason: given}, to: asked"
    )
    on, case = taken(old)
    on.at("2026-06-05T10:00")
    assert on.tick(case) == ["time-up"]
    new = old.replace("by: clerk}", "by: clerk, needs: [reason]}", 1)
    moved_to(on, case, new, file(on, case, {"period": "period"}))
    assert (on.replay_case(case).time_up, on.tick(case)) == (True, [])
    on.check_replay(case)


def test_a_step_without_a_time_has_none_to_keep() -> None:
    timeless = OLD.replace("    within: 5 working days\n", "").replace("    ladder:\n", "    note_:\n")
    timeless = timeless.split("    note_:")[0] + "    actions" + timeless.split("    actions", 2)[2]
    on, case = taken(timeless)
    assert on.due(case) is None
    on.at("2026-06-10T10:00")
    moved_to(on, case, ASKING, file(on, case, {"doing": "doing"}))
    assert (on.due(case), on.tick(case)) == ("2026-06-17T17:00", [])


def test_a_second_migration_leaves_the_kept_deadline_alone() -> None:
    on, case = late()
    due = on.due(case)
    moved_to(on, case, ASKING.replace("within: 5", "within: 1"), file(on, case, {"doing": "doing"}))
    renamed = ASKING.replace("within: 5 working days", "was: doing\n    within: 1 working day").replace(
        "doing", "working"
    )
    renamed = renamed.replace("was: working", "was: doing")
    first = "      - {before: 3 working days, tell: [coordinator]}\n"
    renamed = renamed.replace("      - {before: 1", first + "      - {before: 1")
    plan = moved_to(on, case, renamed)
    assert (plan.way, on.step(case), on.due(case)) == ("replay", "working", due)
    assert on.tick(case) == ["working.ladder.1"]
    on.check_replay(case)
    third = renamed.replace("- {at: deadline, tell: [clerk]}", "- {at: deadline, tell: [coordinator]}")
    third = third.replace(first, "")
    plan = moved_to(on, case, third)
    assert (plan.way, on.step(case), on.due(case), on.tick(case)) == ("replay", "working", due, [])
    on.check_replay(case)
    on.run_operation(lambda p: undo_migration(p, case, "coordinator-1", None))
    assert (on.step(case), on.due(case), on.tick(case)) == ("working", due, [])


def test_a_reminder_more_strands_no_case_that_a_deadline_moved() -> None:
    moving = OLD.replace("raise: community", "to: asked")
    on, case = taken(moving)
    on.at("2026-06-10T10:00")
    on.tick(case)
    assert on.step(case) == "asked"
    more = moving.replace("      - {after: 1", "      - {after: 1 working hour, tell: [clerk]}\n      - {after: 1")
    assert moved_to(on, case, more).way == "replay"
