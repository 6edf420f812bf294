"""A line of progress: for long work on a terminal alone, and gone in the end."""

from __future__ import annotations

import io
import sys
import time

import pytest

from fujin_cli.commands.common import progress
from fujin_cli.core.text.localized import say


class Screen(io.StringIO):
    """A terminal, as far as this goes."""

    def isatty(self) -> bool:
        return True


def test_long_work_says_how_far_it_is_and_cleans_up(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(progress, "QUIET", 0.0)
    monkeypatch.setattr(progress, "STEP", 0.0)
    assert list(progress.track_progress([1, 2, 3])) == [1, 2, 3]
    assert screen.getvalue().startswith("\r0 of 3\r1 of 3\r2 of 3")
    assert screen.getvalue().endswith("\r" + " " * len("2 of 3") + "\r")


def test_short_work_and_pipes_say_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    screen, pipe = Screen(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    assert list(progress.track_progress([1, 2, 3])) == [1, 2, 3]
    monkeypatch.setattr(sys, "stderr", pipe)
    monkeypatch.setattr(progress, "QUIET", 0.0)
    assert list(progress.track_progress([1, 2, 3])) == [1, 2, 3]
    assert screen.getvalue() == pipe.getvalue() == ""


def test_work_that_cannot_be_counted_shows_its_seconds_and_erases_them(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Screen()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "QUIET", 0.01)
    with progress.show_duration(say("checking")):
        time.sleep(0.1)
    written = terminal.getvalue()
    assert "checking: 0 s" in written and written.endswith("\r")


def test_nothing_is_shown_of_work_that_is_done_at_once_or_not_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Screen()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress.show_duration(say("checking")):
        pass
    assert terminal.getvalue() == ""
