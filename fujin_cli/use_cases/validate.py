"""Validate a workspace: read its files, run the rules, and place, suppress, fix and order the findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fujin_cli.core.findings.finding import Finding, Place
from fujin_cli.store.workspace.load import Contents, Texts, bytes_of, contents_of

if TYPE_CHECKING:  # a run on unchanged files needs none of these
    from fujin_cli.core.model.workspace import Workspace
    from fujin_cli.store.cache.validation_cache import Kept
    from fujin_cli.store.workspace.read_files import Files

EVERY_FAMILY = (1, 2, 3, 4, 5)
FIT_TO_WORK_WITH = (1, 2)  # families whose errors make a file unfit; following every possible case would take longer


@dataclass(frozen=True, slots=True)
class Validated:
    """What validation found: placed findings in the order of the files, and the texts they point into.

    ``read`` gives the workspace of the parts that have a valid shape.
    """

    findings: Sequence[Finding]
    sources: Mapping[str, str]
    files: int
    read: Callable[[], Workspace]

    @property
    def workspace(self) -> Workspace:
        """The workspace, of the parts that have a valid shape."""
        return self.read()


def validate(
    root: Path, today: date, only: Sequence[str] = (), contents: Contents | None = None, keep: bool = False
) -> Validated:
    """List every finding of the workspace; ``only`` keeps those of some files (relative), judged with all the others.

    Suppressed findings are left out (``suppressions``). ``contents`` is judged in place of what the files hold.
    With ``keep``, what did not change since the last run is not judged again, and ``data/cache`` is written
    (``store.cache.validation_cache``).
    """
    if contents is not None:
        return validate_contents(contents, today, EVERY_FAMILY, only)[0]
    from fujin_cli.store.cache.validation_cache import Kept, digest_of

    contents = contents_of(root)
    kept = Kept(root, {path: digest_of(data) for path, data in contents.items()}, today) if keep else None
    findings = kept.findings() if kept else None
    if findings is not None:
        return _validated(findings, contents, only, lambda: _read(contents).workspace)
    files = _read(contents, kept)
    findings = _judged(files, today, EVERY_FAMILY, kept)
    if kept:
        kept.write(findings)
    return _validated(findings, contents, only, lambda: files.workspace)


def validate_contents(
    contents: Contents, today: date, families: Sequence[int] = EVERY_FAMILY, only: Sequence[str] = ()
) -> tuple[Validated, Callable[[Place], Place]]:
    """Validate files that need not be on disk; also returns the function that finds where a place of theirs stands."""
    files = _read(contents)
    findings = _judged(files, today, families, None)
    return _validated(findings, contents, only, lambda: files.workspace), files.placed


def placed(root: Path, findings: Sequence[Finding]) -> tuple[list[Finding], dict[str, str]]:
    """The findings with their spans, for those who found something without reading the files; and the files' texts."""
    from fujin_cli.store.workspace.read_files import with_places

    paths = {place.path for finding in findings for place in (finding.place, *(e.place for e in finding.related))}
    files = _read({path: bytes_of(root, path) for path in sorted(paths) if path})
    return [with_places(finding, files) for finding in findings], dict(Texts(files.contents))


def _validated(
    findings: Sequence[Finding], contents: Contents, only: Sequence[str], read: Callable[[], Workspace]
) -> Validated:
    asked = [finding for finding in findings if not only or finding.place.path in only]
    return Validated(asked, Texts(contents), len(only) or len(contents), read)


def _read(contents: Contents, kept: Kept | None = None) -> Files:
    from fujin_cli.store.workspace.read_files import read_files

    return read_files(contents, kept)


def _judged(files: Files, today: date, families: Sequence[int], kept: Kept | None) -> list[Finding]:
    """Every finding that nobody ignores, placed, its fix worked out, in order, each once."""
    from fujin_cli.rules.registry import check_all
    from fujin_cli.store.workspace.read_files import with_places
    from fujin_cli.use_cases.suppressions import without_ignored

    found = check_all(files.workspace, today, families, kept.found if kept else None)
    placed = [with_places(finding, files) for finding in (*files.findings, *found)]
    noted = {path: files.source(path) for path, data in files.contents.items() if data and b"fujin:" in data}
    unique = {_order(finding): finding for finding in without_ignored(placed, noted)}  # two rules may see the same
    return _with_fixes([unique[key] for key in sorted(unique)], files)


def _with_fixes(findings: list[Finding], files: Files) -> list[Finding]:
    if not any(finding.fix for finding in findings):
        return findings
    from fujin_cli.store.yaml.edits import Fixer

    fixer = Fixer(files.source)
    return [replace(finding, fix=fixer.placed(finding.fix)) if finding.fix else finding for finding in findings]


def _order(finding: Finding) -> tuple[Any, ...]:
    """By place and code, and then by what is said, the same in every language."""
    span = finding.place.span
    start = (span.line, span.column) if span else (0, 0)
    said = finding.message
    return finding.place.path, start, finding.code, said.text, repr(sorted(said.values.items(), key=lambda one: one[0]))
