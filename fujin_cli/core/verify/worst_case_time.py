"""Compute the longest time until an obligation is fulfilled, assuming each step uses its whole deadline.

A step takes until its ladder surely moves the case on, else its ``within`` (ladders exist because people may be later),
else its period. Limits are counted; a cycle without one has no longest time. Times in other units than the guarantee's
are rounded to the safe side, step by step (docs/decisions/notes/0007-guarantees.md).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count

from fujin_cli.core.calendar.duration import Duration, goes_by_date, parse_duration
from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.moves import is_available_at
from fujin_cli.core.explore.feasible_paths import limits_of
from fujin_cli.core.model.procedure import Procedure, Step
from fujin_cli.core.model.values import resolve_highest_value
from fujin_cli.core.verify.automata import LOST
from fujin_cli.core.verify.product import Product

DAY = 24 * 60
MOST_PLACES = 20_000
MOST_STEPS = 300  # of one way: deeper ones would exhaust the interpreter
LONGEST = {"minutes": 1, "hours": 60, "days": DAY, "weeks": 7 * DAY, "months": 31 * DAY, "years": 366 * DAY}
SHORTEST = {**LONGEST, "months": 28 * DAY, "years": 365 * DAY}


@dataclass(frozen=True, slots=True)
class SlowestPath:
    """Hold the steps of a slowest path; ``late``: it takes longer than the guarantee allows.

    ``endless``: there is no longest time at ``steps``: a step without a time, or several that go round.
    """

    steps: tuple[str, ...]
    late: bool
    endless: bool = False


class NoLongest(Exception):
    """Raised where there is no longest time; its arguments are the steps."""


class TooManyPaths(Exception):
    """Raised where there are more paths than can be looked at."""


class Measure:
    """Measure stays at steps in the units of the guaranteed time: working days, or minutes of working or wall time."""

    def __init__(self, version: Procedure, within: Duration, calendar: WorkingCalendar) -> None:
        self.version = version
        self.unit = within.unit
        self.calendar = calendar
        self.wall_times: dict[int, int | None] = {}
        lengths = [sum(closes - opens for opens, closes in hours) for hours in calendar.office_days]
        self.shortest_day, self.longest_day = min(lengths), max(lengths)
        self.by_date = goes_by_date(within)
        self.clock_change = _measure_clock_changes(calendar)
        self.first_close = min(hours[-1][1] for hours in calendar.office_days)
        self.allowed = within.amount
        if within.unit == "working hours":
            self.allowed = 60 * within.amount
        elif within.unit in SHORTEST:
            self.allowed = SHORTEST[within.unit] * within.amount

    def compute_longest_stay(self, step: Step) -> int:
        """Compute how long a case stays at a step at most. Raises NoLongest where nothing limits it."""
        if step.lasts:
            if step.lasts.duration is None:
                raise NoLongest(step.name)  # until a day that people enter
            return self._convert_to_unit(step, step.lasts.duration)
        if not step.within:
            if step.end or (step.then and step.then[-1].when is None and not step.actions):
                return 0
            raise NoLongest(step.name)
        moving = [rung for rung in step.ladder if rung.to and rung.limit is None and not rung.is_reminder]
        late = min((self._convert_to_unit(step, rung.by) if rung.by else 0 for rung in moving), default=0)
        return self._convert_to_unit(step, step.within) + late

    def _convert_to_unit(self, step: Step, text: str) -> int:
        duration = parse_duration(resolve_highest_value(self.version, text))
        amount = duration.amount
        if duration.unit == self.unit == "working days":
            return amount
        working = {"working hours": 60 * amount, "working days": (amount + 1) * self.longest_day}.get(duration.unit)
        if self.unit == "working hours":
            return working if working is not None else amount * LONGEST[duration.unit]
        if self.unit == "working days":
            if duration.unit == "working hours":
                return -(-60 * amount // self.shortest_day)
            change = 0 if goes_by_date(duration) else self.clock_change
            return -(-(amount * LONGEST[duration.unit] + change + DAY - self.first_close) // DAY)
        if working is not None:
            days = amount if duration.unit == "working days" else -(-60 * amount // self.shortest_day)
            return self._convert_to_wall_time(step, days)
        months = {"months": amount, "years": 12 * amount}.get(duration.unit)
        if months is not None and self.unit == "months":
            return months * SHORTEST["months"]  # n months of a step never outlast n months of a guarantee
        if months is not None and self.unit == "years" and months % 12 == 0:
            return months // 12 * SHORTEST["years"]
        return amount * LONGEST[duration.unit] + self._clock_change_of(duration)

    def _clock_change_of(self, duration: Duration) -> int:
        """Give by how many minutes a change of clock lengthens a duration, in the unit of the guaranteed time.

        Hours are elapsed time, days go by the date: a day can last 25 hours, and 24 hours can end on the next but one.
        """
        return 0 if goes_by_date(duration) == self.by_date else self.clock_change

    def _convert_to_wall_time(self, step: Step, days: int) -> int:
        """Compute the longest wall time of working days in the published calendar. Raises NoLongest.

        Each pause can hide one close of the office that the working days then lack, without stopping the wall time for
        as long.
        """
        for action in (*step.actions.values(), *self.version.anytime.values()):
            if action.stops_clock_until and is_available_at(action, step):
                if action.limit is None:
                    raise NoLongest(step.name)
                days += int(resolve_highest_value(self.version, action.limit))
        if days not in self.wall_times:
            self.wall_times[days] = find_longest_wall_time(self.calendar, days)
        longest = self.wall_times[days]
        if longest is None:
            raise NoLongest(step.name)
        return longest


def find_longest_wall_time(calendar: WorkingCalendar, amount: int) -> int | None:
    """Find the longest wall time, in minutes, from any moment to the close of the ``amount``-th working day after it.

    The calendar is tried as far as it is published. None where no published stretch is long enough.
    """
    close = max(hours[-1][1] for hours in calendar.office_days) + _measure_clock_changes(calendar)
    longest: int | None = None
    for first, last in _list_stretches(calendar, amount):
        days = range(first.toordinal(), last.toordinal() + 1)
        worked = [day for day in days if calendar.is_working_day(date.fromordinal(day))]
        for day in days:
            place = bisect_right(worked, day) + amount - 1
            if place < len(worked):
                longest = max(longest or 0, (worked[place] - day) * DAY + close)
    return longest


def _list_stretches(calendar: WorkingCalendar, amount: int) -> Iterator[tuple[date, date]]:
    """List the stretches of days that the calendar covers; of one without an end, those that show all of it."""
    if calendar.years is not None:
        for year in sorted(calendar.years - {year + 1 for year in calendar.years}):
            after = next(later for later in count(year) if later not in calendar.years)
            yield date(year, 1, 1), date(after - 1, 12, 31)
        return
    around = timedelta(days=2 * amount + 14)
    odd_days = sorted(map(date.fromisoformat, calendar.exceptions)) or [date(2026, 1, 1)]
    yield odd_days[0] - around, odd_days[-1] + around


def _measure_clock_changes(calendar: WorkingCalendar) -> int:
    """Measure by how many minutes summer time can lengthen a stretch of days."""
    moments = (calendar.to_local(datetime(2026, month, 1, tzinfo=UTC)) for month in range(1, 13))
    offsets = [moment.utcoffset() or timedelta() for moment in moments]
    return (max(offsets) - min(offsets)) // timedelta(minutes=1)


def find_slowest_path(product: Product, measure: Measure) -> SlowestPath | None:
    """Find the slowest path from where an obligation begins until it is fulfilled; None where none ever begins.

    Raises TooManyPaths.
    """
    paths = _Paths(product, measure)
    try:
        longest = [paths.compute_longest_time(step, {}, ()) for step in paths.begins]
    except NoLongest as none:
        return SlowestPath(tuple(none.args), True, endless=True)
    if not longest:
        return None
    time, steps = max(longest)
    return SlowestPath(steps, time > measure.allowed)


class _Paths:
    """Search the paths through steps with an open obligation, as far as they differ in steps and in limits used."""

    def __init__(self, product: Product, measure: Measure) -> None:
        self.product, self.measure = product, measure
        self.version = product.exploration.model.version
        self.limits = {
            rule: max(count, self._highest_limit_of(rule)) for rule, count in limits_of(product.exploration).items()
        }
        self.results: dict[tuple[str, frozenset[tuple[str, int]]], tuple[int, tuple[str, ...]]] = {}
        self.onward: dict[str, dict[tuple[str, str, bool], None]] = {}
        self.begins: dict[str, None] = {}
        self._collect_onward_moves()

    def _highest_limit_of(self, rule: str) -> int:
        move = self.product.exploration.model.watch.find_move(rule)
        return int(resolve_highest_value(self.version, move.limit)) if move is not None and move.limit else 0

    def _collect_onward_moves(self) -> None:
        pending = [self._is_pending(place) for place in range(len(self.product.pairs))]
        for edge in [*self.product.begins, *(edge for listed in self.product.edges for edge in listed)]:
            if not pending[edge.target]:
                continue
            step = self.product.exploration.step_of(self.product.pairs[edge.target][0])
            if edge.source < 0 or not pending[edge.source]:
                self.begins[step] = None
            elif edge.label.to is not None:
                key = (step, edge.label.rule, edge.label.overflow)
                self.onward.setdefault(edge.label.step, {})[key] = None

    def _is_pending(self, place: int) -> bool:
        return not self.product.is_fulfilled(place) and LOST not in self.product.pairs[place][1]

    def compute_longest_time(
        self, step: str, used: Mapping[str, int], above: tuple[tuple[str, object], ...]
    ) -> tuple[int, tuple[str, ...]]:
        """Compute the longest time from an arrival at the step, and its steps. Raises NoLongest, TooManyPaths."""
        key = (step, frozenset(used.items()))
        if key in above:
            raise NoLongest(*(name for name, _ in above[above.index(key) :]))
        if key not in self.results:
            if len(self.results) > MOST_PLACES or len(above) > MOST_STEPS:
                raise TooManyPaths
            stay = self.measure.compute_longest_stay(self.version.steps[step])
            paths: list[tuple[int, tuple[str, ...]]] = [(stay, (step,))]
            for to, rule, overflow in self.onward.get(step, ()):
                after = self._count_move(used, rule, overflow)
                if after is not None:
                    time, steps = self.compute_longest_time(to, after, (*above, key))
                    paths.append((stay + time, (step, *steps)))
            self.results[key] = max(paths)
        return self.results[key]

    def _count_move(self, used: Mapping[str, int], rule: str, overflow: bool) -> Mapping[str, int] | None:
        """Count a move; None where its limit does not allow it."""
        if rule not in self.limits or overflow:
            return used
        count = used.get(rule, 0)
        return {**used, rule: count + 1} if count < self.limits[rule] else None
