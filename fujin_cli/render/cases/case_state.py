"""Say how a case stands: how it ended, or how much time is left and what it waits for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.listing.summary import Summary
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.render.basics.moments import format_day, time_left_words
from fujin_cli.render.basics.names import outcome_words

if TYPE_CHECKING:
    from fujin_cli.core.model.procedure import Procedure


def state_words(
    summary: Summary, calendar: WorkingCalendar, now: datetime, procedure: Procedure | None = None
) -> list[object]:
    """Say how the case ended, or how much time is left and what it waits for."""
    if summary.outcome is not None:
        return [say("ended: {outcome}", outcome=outcome_words(summary.outcome, procedure))]
    words: list[object] = []
    if summary.overdue:
        words.append(_lateness_words(summary, now))
    elif summary.paused is not None:
        words.append(say("paused until {moment}", moment=format_day(summary.paused, calendar)))
    elif summary.due is not None:
        words.append(time_left_words(summary.due, now))
    if summary.missing_year is not None:
        words.append(
            say("no due time: the calendar does not cover {year}", year=summary.missing_year)
            if summary.missing_year
            else say("no due time: the calendar cannot be used")
        )
    if summary.awaiting_acceptance:
        words.append(say("for acceptance"))
    return words


def _lateness_words(summary: Summary, now: datetime) -> LocalizedText:
    """Say that the case is late; a raised case is, although it has a new deadline."""
    if summary.due is not None and summary.due < now:
        return time_left_words(summary.due, now)
    return say("late, raised")
