"""When a sweep is late: by the usual distance of those before it, for each set of communities."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fujin_cli.core.cases.sweeps import Scope, Sweep, find_stale_sweep

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def sweeps(count: int, minutes: int, scope: Scope = None, until: datetime = NOON) -> list[Sweep]:
    """Sweeps every so many minutes; the last one at ``until``."""
    starts = [until - timedelta(minutes=minutes) * back for back in reversed(range(count))]
    return [Sweep(str(start), start, start, scope) for start in starts]


def test_a_sweep_is_late_after_twice_the_usual_distance() -> None:
    hourly = sweeps(5, 60)
    assert find_stale_sweep(hourly, NOON + timedelta(minutes=119)) is None
    late = find_stale_sweep(hourly, NOON + timedelta(minutes=121))
    assert late is not None and (late.last.start, late.distance) == (NOON, timedelta(hours=1))


def test_one_gap_does_not_change_what_is_usual() -> None:
    often = [*sweeps(5, 5, until=NOON - timedelta(days=3)), *sweeps(5, 5)]
    assert find_stale_sweep(often, NOON + timedelta(minutes=9)) is None
    assert find_stale_sweep(often, NOON + timedelta(minutes=11)) is not None


def test_without_a_third_sweep_a_day_is_assumed() -> None:
    assert find_stale_sweep([], NOON) is None
    for rows in (sweeps(1, 5), sweeps(2, 5)):
        assert find_stale_sweep(rows, NOON + timedelta(days=2)) is None
        assert find_stale_sweep(rows, NOON + timedelta(days=2, minutes=1)) is not None


def test_sweeps_by_hand_a_moment_apart_make_nothing_late() -> None:
    by_hand = [Sweep(str(second), NOON + timedelta(seconds=second)) for second in range(3)]
    assert find_stale_sweep(by_hand, NOON + timedelta(minutes=9)) is None


def test_communities_swept_apart_are_judged_apart() -> None:
    rows = [*sweeps(4, 5, frozenset({"A"}), NOON - timedelta(hours=3)), *sweeps(4, 5, frozenset({"B"}))]
    late = find_stale_sweep(rows, NOON)
    assert late is not None and late.last.scope == {"A"}
    assert find_stale_sweep(rows, NOON, frozenset({"B"})) is None
    assert find_stale_sweep(rows, NOON, frozenset({"A", "B"})) is not None


def test_a_sweep_of_more_replaces_that_of_less() -> None:
    apart = sweeps(4, 5, frozenset({"A"}), NOON - timedelta(hours=3))
    assert find_stale_sweep([*apart, *sweeps(4, 5)], NOON) is None
    assert find_stale_sweep([*apart, *sweeps(4, 5, frozenset({"A", "B"}))], NOON) is None
    assert find_stale_sweep([*apart, *sweeps(4, 5, frozenset({"B"}))], NOON) is not None
