"""Run mutation testing for ``fujin validate --mutate``: find the checks that notice each single edit of a procedure."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.id_arguments import require_id
from fujin_cli.commands.common.progress import is_progress_shown
from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.findings.refusals import OPENING_REFUSED, Refusal
from fujin_cli.core.simulate.mutation_verdicts import MutationVerdict
from fujin_cli.core.simulate.mutations import Mutation, list_mutations
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.use_cases.mutation_bench import MutationRunner, prepare_mutation_runner

_NOWHERE = LocalizedText("")
_RUNNERS: list[MutationRunner] = []  # in a worker process: the runner inherited by fork


def mutate_procedures(console: Console, paths: Sequence[Path], today: date) -> dict[str, list[MutationVerdict]]:
    """Judge every edit of each procedure; the verdicts have line numbers.

    Raises WrongUsage, and Refusal for a procedure with errors.
    """
    from fujin_cli.use_cases.validate import place_findings

    verdicts_by_procedure: dict[str, list[MutationVerdict]] = {}
    for name in _select_procedures(console, paths):
        if console.session.sound_procedure(name) is None:
            path = console.session.workspace.procedures[name].path
            raise Refusal(
                OPENING_REFUSED,
                say("{path} has errors, so no edit of it can be judged", path=path),
                help=say("`fujin validate {path}` shows them", path=path),
            )
        runner = prepare_mutation_runner(console.session.workspace, name, today)
        verdicts = _judge_edits(runner, name, is_progress_shown() and not console.json)
        marked, _texts = place_findings(
            console.session.root, [Finding("", "info", _NOWHERE, verdict.place) for verdict in verdicts]
        )
        verdicts_by_procedure[name] = [
            replace(verdict, place=mark.place) for verdict, mark in zip(verdicts, marked, strict=True)
        ]
    return verdicts_by_procedure


def _judge_edits(runner: MutationRunner, name: str, show_progress: bool) -> list[MutationVerdict]:
    """Judge all edits, in the order of the file; ``show_progress`` counts them on stderr meanwhile."""
    edits = list(list_mutations(runner.file.tree or {}))
    verdicts = []
    for verdict in _judge_in_parallel(runner, edits):
        verdicts.append(verdict)
        if show_progress:
            line = say("{name}: {count} of {total} edits", name=name, count=len(verdicts), total=len(edits))
            sys.stderr.write(f"\r{line}")
            sys.stderr.flush()
    if show_progress:
        sys.stderr.write("\r\x1b[K")
    return verdicts


def _judge_in_parallel(runner: MutationRunner, edits: Sequence[Mutation]) -> Iterator[MutationVerdict]:
    """Yield the verdict of each edit. Edits are independent, so they are spread over all processors."""
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if workers == 1:
        yield from map(runner.verdict, edits)
        return
    # Fork, so that workers inherit the runner without pickling it
    pool = ProcessPoolExecutor(workers, get_context("fork"), _set_up_worker, (runner,))
    try:
        yield from pool.map(_judge_edit, edits)
    finally:
        pool.shutdown(cancel_futures=True)


def _set_up_worker(runner: MutationRunner) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # at Ctrl-C, the parent process stops the workers
    _RUNNERS[:] = [runner]


def _judge_edit(edit: Mutation) -> MutationVerdict:
    return _RUNNERS[0].verdict(edit)


def _select_procedures(console: Console, paths: Sequence[Path]) -> list[str]:
    """List the procedures named on the command line by id or file; without a name, all. Raises WrongUsage."""
    procedures = console.session.workspace.procedures
    if not paths:
        return list(procedures)
    by_path = {os.path.realpath(console.session.root / version.path): name for name, version in procedures.items()}
    names = []
    for path in paths:
        name = by_path.get(os.path.realpath(path), str(path))
        require_id(name, procedures, "procedure")
        names.append(name)
    return list(dict.fromkeys(names))
