"""What the ledger is asked for while its disk is being failed, and what is wrong with it afterwards."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from fujin_cli.store.files import disk
from fujin_cli.store.ledger.protocol import Damaged, OutcomeUnknown
from fujin_cli.store.ledger.tinydb.ledger import TinyLedger
from fujin_cli.store.ledger.tinydb.volumes import Limits
from tests.support.ledger_samples import advance, open_case, store_text, tiny
from tests.support.power_cuts import Recorder, what_is_read

LIMITS = Limits(cases=2)
Patch = Callable[[pytest.MonkeyPatch], None]
Step = Callable[[TinyLedger], Any]


# What the ledger is asked for, step by step. Each may be asked again: requests make it one effect.


def _open(request: str, community: str = "XF01", month: str = "202611", waiting: bool = False) -> Step:
    return lambda ledger: {"case": open_case(ledger, community, month, request, waiting=waiting), "request": request}


def _advance(request: str, *cases: str, ends: bool = False) -> Step:
    def step(ledger: TinyLedger) -> dict[str, Any]:
        advance(ledger, *cases, ends=ends, request=request)
        return {"advanced": cases, "request": request, "ends": ends}

    return step


def _version(text: str) -> Step:
    return lambda ledger: {"law": store_text(ledger, text), "text": text}


ONE, TWO, THREE = (f"XF01-202611{end}" for end in ("a-0001", "a-0002", "b-0001"))
FOUR, FIVE = "XF02-202611a-0001", "XF01-202612a-0001"
STEPS: list[Step] = [
    _version('{"procedure":"x"}'),
    _open("o1"),
    _advance("a1", ONE),
    _open("o2", waiting=True),
    _open("o3"),
    _open("o4", "XF02"),
    _advance("two", ONE, FOUR),
    _advance("e1", ONE, TWO, ends=True),
    _open("o5", month="202612"),
    _advance("again", TWO),
    _advance("three", TWO, FOUR, FIVE, ends=True),
    _open("o1"),
    _version('{"procedure":"x"}'),
]


@contextmanager
def recording(base: Path, **more: Any) -> Iterator[tuple[Recorder, pytest.MonkeyPatch]]:
    recorder = Recorder(base, **more)
    with pytest.MonkeyPatch.context() as patch:
        recorder.install(patch)
        yield recorder, patch


def told_is_true(ledger: TinyLedger, told: list[Any]) -> Iterator[str]:
    """What was acknowledged and is not there. A step that was under way may have taken effect too."""
    opened = {kept.case: kept for kept in ledger.open_cases()}
    marks: dict[str, tuple[int, bool]] = {}
    for fact in told:
        if "law" in fact and ledger.procedure_text(fact["law"]) != fact["text"]:
            yield f"law lost: {fact}"
        if "case" in fact:
            if [event.op for event in ledger.read(fact["case"])][:1] != [fact["request"]]:
                yield f"opening lost: {fact}"
            if ledger.find_operation(fact["request"]) != fact["case"]:
                yield f"request lost: {fact}"
            marks.setdefault(fact["case"], (1, True))
        for case in fact.get("advanced", ()):
            if sum(event.op == fact["request"] for event in ledger.read(case)) != 1:
                yield f"event lost or doubled: {case} {fact}"
            marks[case] = (marks[case][0] + 1, not fact["ends"])
    for case, (length, is_open) in marks.items():
        if is_open and case not in opened and len(ledger.read(case)) == length:
            yield f"open case not listed: {case}"


def all_is_well(base: Path, told: list[Any], asked: list[Step], checked: set[Any]) -> list[str]:
    """What is wrong with the ledger in ``base``; ``asked`` are the steps begun so far.

    Most power cuts and kills lead to the same few ledgers once somebody has finished what was left. ``checked``
    collects these: one that was checked before, after the same was told and asked, is not checked again.
    """
    ledger = tiny(base, limits=LIMITS)
    try:
        wrong = list(told_is_true(ledger, told))
        open_case(ledger, "XF09", request="next")  # whoever comes next finishes what was left
        wrong += [str(finding.message) for finding in ledger.problems() if finding.severity == "error"]
        finished = (repr(told), len(asked), what_is_read(dict(_list_contents(base))))
        if wrong or finished in checked:
            return wrong
        checked.add(finished)
        wrong += list(told_is_true(ledger, told))
        wrong += [
            str(finding.message) for finding in (*ledger.verify(), *ledger.problems()) if finding.severity == "error"
        ]
        for request in ("two", "e1", "three"):
            lengths = [[event.op for event in kept.events].count(request) for kept in ledger.all_cases()]
            if sum(lengths) not in (0, {"two": 2, "e1": 2, "three": 3}[request]):
                wrong.append(f"half an operation: {request} {lengths}")
        for step in asked:
            step(ledger)
        ops = [(kept.case, event.op) for kept in ledger.all_cases() for event in kept.events]
        if len(set(ops)) != len(ops):
            wrong.append(f"an operation took effect twice: {ops}")
    except (Damaged, OutcomeUnknown, OSError, ValueError, KeyError) as error:
        return [repr(error)]
    return wrong


def _list_contents(folder: Path, name: str = "") -> Iterator[tuple[str, bytes | None]]:
    """List what lies below a folder: each path, and the contents of a file or None for a folder."""
    with os.scandir(folder / name) as children:
        for child in children:
            path = f"{name}{child.name}"
            if child.is_dir():
                yield path, None
                yield from _list_contents(folder, f"{path}/")
            else:
                yield path, Path(child.path).read_bytes()


@contextmanager
def no_syncs() -> Iterator[None]:
    """Checks need no safety of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(disk, "sync_file", lambda descriptor: None)
        patch.setattr(disk, "sync_folder", lambda path: None)
        yield
