"""Define ``fujin doctor``: check the installation and the workspace."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

import typer

import fujin_cli
from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.options import command
from fujin_cli.core.cases.sweeps import find_stale_sweep
from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.text.localized import LocalizedText, say, say_count, shorten_list
from fujin_cli.language import translate as _
from fujin_cli.render.basics.moments import format_moment
from fujin_cli.render.basics.settings import setting_value_words
from fujin_cli.render.basics.tables import Cell, Column, Table
from fujin_cli.store.files.mounts import network_file_system_of
from fujin_cli.store.ledger.factory import ledger_folder, lock_wait
from fujin_cli.store.ledger.protocol import Damaged
from fujin_cli.store.ledger.sweeps import read_sweeps
from fujin_cli.store.workspace.load import NoWorkspace
from fujin_cli.store.workspace.private_data import inspect_private_data
from fujin_cli.use_cases.calendar_notice import describe_missing_year, find_missing_year
from fujin_cli.use_cases.record_sweep import describe_late_sweep
from fujin_cli.use_cases.session import Session
from fujin_cli.use_cases.settings_in_force import TITLES, list_settings_in_force
from fujin_cli.use_cases.stranded_cases import stranded_case_findings

app = typer.Typer(add_completion=False, rich_markup_mode=None)
_TITLES: dict[str, LocalizedText | str] = {
    "python": "Python",
    "packages": say("packages"),
    "yaml parser": say("YAML parser"),
    "locks": say("locks"),
    "photos": say("photos"),
    "workspace": say("workspace"),
    "configuration": say("configuration"),
    "calendar": say("calendar"),
    "defaults": say("defaults"),
    "ledger": say("ledger"),
    "damage": say("damage"),
    "sweep": say("sweep"),
    "people": say("people"),
    "outbox": say("outbox"),
    "contacts": say("contacts"),
    "private files": say("private files"),
    "version control": say("version control"),
}
SHOWN = 3  # paths that a sentence names
PACKAGES = ("typer", "pydantic", "ruamel.yaml", "rich", "tinydb", "chinesecalendar")


@command(app, "doctor", _("Check this installation and this workspace."), examples="fujin doctor")
def doctor(console: Console) -> int:
    """Run all checks; exit code 1 if one fails."""
    checks = [*_check_installation(), *_check_workspace(console)]
    good = {"ok": say("ok"), "note": say("note"), "bad": say("wrong")}
    console.answer(
        lambda: {
            "version": 1,
            "checks": [{"check": name, "state": state, "detail": str(detail)} for name, state, detail in checks],
        },
        lambda: Table(
            say("fujin {version}", version=fujin_cli.__version__),
            [Column(say("check")), Column(say("state")), Column(say("detail"))],
            [
                [Cell(_TITLES[name], plain=name), Cell(good[state], plain=state), detail]
                for name, state, detail in checks
            ],
        ),
    )
    return 1 if any(state == "bad" for _name, state, _detail in checks) else 0


def _check_installation() -> list[tuple[str, str, LocalizedText]]:
    """Check the installation; return (check, state, detail) rows."""
    from fujin_cli.store.yaml.read import parser_name

    parser = parser_name()
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    photos = importlib.util.find_spec("PIL") is not None
    return [
        ("python", "ok", say("{version} on {system}", version=platform.python_version(), system=platform.system())),
        ("packages", "ok", say("{versions}", versions=versions)),
        ("yaml parser", "ok" if parser == "C" else "note", say("{parser}", parser=parser)),
        ("locks", "bad", say("file locks of POSIX systems are needed"))
        if sys.platform == "win32"
        else ("locks", "ok", say("file locks of a POSIX system")),
        ("photos", "ok", say("the extra `photos` is installed"))
        if photos
        else ("photos", "note", say("photos need the extra `photos`: pip install 'fujin[photos]'")),
    ]


def _check_sweep(session: Session) -> tuple[str, str, LocalizedText]:
    """Check that ``fujin tick`` runs as often as it used to, and that the last run came to its end."""
    sweeps = read_sweeps(session.root)
    if not sweeps:
        return "sweep", "note", say("`fujin tick` has never run here; let cron run it every five minutes")
    late = find_stale_sweep(sweeps, session.now)
    if late is not None:
        return "sweep", "bad", describe_late_sweep(late, session)
    last = sweeps[-1]
    moment = format_moment(last.start, session.calendar)
    if last.fault:
        return "sweep", "bad", say("the sweep of {moment} broke off: {fault}", moment=moment, fault=last.fault)
    if last.end is None:
        return "sweep", "note", say("the sweep of {moment} still runs, or was killed", moment=moment)
    if last.failures:
        cases = shorten_list([failure.case for failure in last.failures], SHOWN)
        return "sweep", "bad", say("the sweep of {moment} failed for {cases}", moment=moment, cases=cases)
    return "sweep", "ok", say("last at {moment}", moment=moment)


def _join_messages(findings: Sequence[Finding]) -> LocalizedText:
    if not findings:
        return say("somebody can act on every open case")
    return say("{messages}", messages=[finding.message for finding in findings])


def _check_workspace(console: Console) -> list[tuple[str, str, LocalizedText]]:
    """Check the workspace, its calendar and its ledger; return (check, state, detail) rows."""
    try:
        root = console.session.root
    except NoWorkspace:
        return [("workspace", "note", say("none found; create one with `fujin init DIR`"))]
    errors = sum(console.session.loaded.errors.values())
    network = network_file_system_of(ledger_folder(root))
    return [
        ("workspace", "ok", say("{root}", root=str(root))),
        (
            "configuration",
            "bad",
            say_count("{count} error; run `fujin validate`", "{count} errors; run `fujin validate`", count=errors),
        )
        if errors
        else ("configuration", "ok", say("no errors")),
        _check_calendar(console.session),
        _check_defaults(console.session),
        ("ledger", "bad", say("on a network file system ({kind}), where locks cannot be trusted", kind=network))
        if network
        else ("ledger", "ok", say("on a local disk")),
        *_check_cases(console.session),
        ("contacts", "note", say("plain text; not encrypted yet")),
        *_check_private_data(root),
    ]


def _check_cases(session: Session) -> list[tuple[str, str, LocalizedText]]:
    """Check that every open case can be read and has somebody who can act, and count what is to be delivered."""
    try:
        ledger = session.ledger
    except Damaged as damage:  # of a newer fujin
        return [("damage", "bad", damage.finding.message)]
    stranded = stranded_case_findings(session, session.workspace)
    waiting = sum(len(stored.events) > 0 for stored in ledger.waiting_cases())
    damaged = len(ledger.problems()) + len(session.unreadable_cases)
    return [
        (
            "damage",
            "bad" if damaged else "ok",
            say_count(
                "{count} damaged volume or unreadable case; run `fujin ledger verify`",
                "{count} damaged volumes and unreadable cases; run `fujin ledger verify`",
                count=damaged,
            )
            if damaged
            else say("none"),
        ),
        _check_sweep(session),
        ("people", "bad" if stranded else "ok", _join_messages(stranded)),
        (
            "outbox",
            "note" if waiting else "ok",
            say_count("{count} case has messages to deliver", "{count} cases have messages to deliver", count=waiting),
        ),
    ]


def _check_calendar(session: Session) -> tuple[str, str, LocalizedText]:
    """Check that the calendar covers this year, and from November on the next one."""
    if session.loaded.calendar_data is None:
        return "calendar", "bad", say("cannot be used, so no deadline is shown and nothing is written")
    years = session.calendar.years
    if years is not None and not years:
        return "calendar", "note", say("covers no year, so nothing has a due date in working days or hours")
    year, today = find_missing_year(session), session.calendar.to_local(session.now)
    if year is not None:
        return "calendar", "bad" if year == today.year else "note", describe_missing_year(year)
    if years is None or today.year + 1 in years:
        return "calendar", "ok", say("covers {year} and the next year", year=today.year)
    return "calendar", "ok", say("covers {year}; the next year is needed from November on", year=today.year)


def _check_defaults(session: Session) -> tuple[str, str, LocalizedText]:
    """List every default in force that no file states."""
    defaults: list[object] = [
        say("{setting}: {value}", setting=TITLES[setting.key], value=setting_value_words(setting.key, setting.value))
        for setting in list_settings_in_force(session)
        if not setting.stated
    ]
    if not os.environ.get("FUJIN_LOCK_WAIT"):
        defaults.append(
            say(
                "{setting}: {value}",
                setting=say("lock timeout"),
                value=say("{count} seconds", count=f"{lock_wait():g}"),
            )
        )
    if not defaults:
        return "defaults", "ok", say("every setting is stated")
    return "defaults", "ok", say("in force, since nothing else is stated: {settings}", settings=defaults)


def _list_folders(paths: Sequence[str]) -> str:
    """List the folders of ``data`` that hold these paths, as a command takes them."""
    return " ".join(sorted({"/".join(path.split("/")[:2]) for path in paths}))


def _check_private_data(root: Path) -> list[tuple[str, str, LocalizedText]]:
    """Check who can read what is written below ``data``; return (check, state, detail) rows."""
    exposure = inspect_private_data(root)
    rows = [("private files", "ok", say("readable by this account only"))]
    if exposure.links or exposure.readable:
        rows = []
    if exposure.links:
        links = list(exposure.links[:SHOWN])
        rows.append(("private files", "bad", say("links lead out of the workspace: {paths}", paths=links)))
    if exposure.readable:
        sentence = say_count(
            "{count} file or folder is open to other accounts, such as {path}; run `chmod -R go= {folders}`",
            "{count} files and folders are open to other accounts, such as {path}; run `chmod -R go= {folders}`",
            count=len(exposure.readable),
            path=exposure.readable[0],
            folders=_list_folders(exposure.readable),
        )
        rows.append(("private files", "bad", sentence))
    if exposure.tracked:
        sentence = say_count(
            "{count} private file is under version control, such as {path}; run `git rm -r --cached {folders}`",
            "{count} private files are under version control, such as {path}; run `git rm -r --cached {folders}`",
            count=len(exposure.tracked),
            path=exposure.tracked[0],
            folders=_list_folders(exposure.tracked),
        )
        return [*rows, ("version control", "bad", sentence)]
    if not exposure.ignored:
        missing = say("data/.gitignore is missing, so `git add` takes residents' names; write a line `*` into it")
        return [*rows, ("version control", "note", missing)]
    return [*rows, ("version control", "ok", say("leaves out what names residents"))]
