"""Refuse to work with files that cannot be read in full: a default never stands in for an invalid one.

Open cases follow the procedure version that they are pinned to, so an invalid procedure file concerns those alone that
are opened or that tell another case of their outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol, TypeVar

from fujin_cli.core.findings.refusals import INVALID_FILE, Refusal
from fujin_cli.core.text.localized import LocalizedText, say, say_count
from fujin_cli.store.workspace.calendar_years import CALENDAR_KEYS
from fujin_cli.store.workspace.load import MARK, contents_of

if TYPE_CHECKING:
    from fujin_cli.core.calendar.unusable_calendar import UnusableCalendar
    from fujin_cli.core.cases.operation import Operation
    from fujin_cli.core.findings.finding import Finding
    from fujin_cli.core.model.workspace import Workspace
    from fujin_cli.store.workspace.load import Loaded
    from fujin_cli.use_cases.validate import CheckedFiles

Decided = TypeVar("Decided")


class SessionFiles(Protocol):
    """The files of a session (``session.py``, which imports this module)."""

    @property
    def root(self) -> Path:
        """The workspace's folder."""

    @property
    def loaded(self) -> Loaded:
        """The workspace's files."""

    @property
    def workspace(self) -> Workspace:
        """The compiled workspace."""

    @property
    def checked(self) -> CheckedFiles | None:
        """The workspace's files where they are parsed already."""

    @property
    def warn(self) -> Callable[[LocalizedText], None]:
        """Show a warning beside the answer."""


def make_unusable_calendar(session: SessionFiles) -> UnusableCalendar:
    """Make the calendar of a workspace whose settings of time are invalid, and warn that it shows no deadline."""
    from fujin_cli.core.calendar.unusable_calendar import OFFICE_HOURS, UnusableCalendar

    reason = _describe_invalid_calendar(session)
    session.warn(say("no deadline is shown: {reason}", reason=reason))
    return UnusableCalendar(str(session.loaded.head.get("zone") or "UTC"), OFFICE_HOURS, reason=reason)


def refuse_invalid_calendar(session: SessionFiles) -> None:
    """Refuse to write where no deadline can be computed. Raises Refusal."""
    raise _refuse(_describe_invalid_calendar(session))


def check_files(session: SessionFiles, community: str, committee: str | None, *, opening: bool = False) -> None:
    """Check the files that say who serves a case: of the city, the committee and the rosters. Raises Refusal."""
    invalid = session.loaded.invalid
    readable = {(kind, name) for path, kind, name, _tree, _pruned in session.loaded.files if path not in invalid}
    needed = {("roster", unit) for unit in _list_units(session, community, committee)} | {("committee", committee)}
    is_lost = committee is not None and ("committee", committee) not in readable
    for path, kind, name, tree, _pruned in session.loaded.files:
        if path not in invalid:
            continue
        if kind:
            is_of_place = kind == "committee" and (tree or {}).get("community", community) == community
            is_needed = kind == "jurisdiction" or (kind, name) in needed or (opening and is_of_place)
        else:  # nothing of it can be read: its name tells what it probably is
            names = {name for _kind, name in needed} | {"jurisdiction"}
            is_needed = is_lost or PurePosixPath(path).stem in names or (opening and "committees" in path)
        if is_needed:
            raise _refuse(_describe_invalid_file(session, path))


def check_procedure(session: SessionFiles, procedure: str) -> None:
    """Check that the procedure's file has no errors. Raises Refusal."""
    for path, kind, name, _tree, _pruned in session.loaded.files:
        is_unreadable = not kind and PurePosixPath(path).stem == procedure
        if ((kind, name) == ("procedure", procedure) or is_unreadable) and path in session.loaded.errors:
            raise _refuse(_describe_invalid_file(session, path))


def decide_on_sound_files(
    session: SessionFiles, decide: Callable[[Operation], Decided], community: str | None, operation: Operation
) -> Decided:
    """Decide, unless a file that one of the cases needs is invalid: that is the reason, whatever else is refused.

    ``community`` is that of a case to be opened. Raises Refusal.
    """
    if community:
        check_files(session, community, None, opening=True)
    try:
        return decide(operation)
    finally:
        for case in operation.cases.values():
            check_files(session, case.community, case.committee)


def _list_units(session: SessionFiles, community: str, committee: str | None) -> Collection[str]:
    organisation = session.workspace.organisation
    levels = ("committee", "community", "street", "city")
    return {unit for level in levels if (unit := organisation.unit_at(level, community, committee))}


def _refuse(reason: LocalizedText) -> Refusal:
    return Refusal(
        INVALID_FILE,
        say("nothing is changed, because a file that this depends on is invalid: {reason}", reason=reason),
        help=say("`fujin validate` shows every error"),
    )


def _describe_invalid_calendar(session: SessionFiles) -> LocalizedText:
    path = MARK.as_posix()
    findings = _list_errors(session, path)
    of_time = [finding for finding in findings if finding.place.route[:1] and finding.place.route[0] in CALENDAR_KEYS]
    return _describe_error(path, [*of_time, *findings])


def _describe_invalid_file(session: SessionFiles, path: str) -> LocalizedText:
    return _describe_error(path, _list_errors(session, path))


def _describe_error(path: str, findings: list[Finding]) -> LocalizedText:
    if not findings:
        return say("{path} cannot be used", path=path)
    span = findings[0].place.span
    place = f"{path}:{span.line}" if span else path
    return say("{place}: {message}", place=place, message=findings[0].message)


def _list_errors(session: SessionFiles, path: str) -> list[Finding]:
    """Check the files again, to find the lines of the errors of one of them."""
    from fujin_cli.use_cases.validate import FIT_TO_WORK_WITH, check_contents, validation_result

    checked = session.checked or check_contents(contents_of(session.root), date.max, FIT_TO_WORK_WITH)
    findings = validation_result(checked, [path]).findings
    return [finding for finding in findings if finding.severity == "error" and finding.place.path == path]


def warn_of_errors(loaded: Loaded, warn: Callable[[LocalizedText], None]) -> None:
    """Warn where files that cases depend on have errors; scenarios are for tests alone."""
    scenarios = {path for path, kind, *_tree in loaded.files if kind == "scenario"}
    files = [path for path in loaded.errors if path not in scenarios]
    if files:
        warn(
            say_count(
                "the configuration has errors in {file}; run `fujin validate`",
                "the configuration has errors in {count} files, such as {file}; run `fujin validate`",
                count=len(files),
                file=files[0],
            )
        )
