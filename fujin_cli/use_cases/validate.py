"""Validate a workspace: read its files, run the rules, and place, suppress, fix and order the findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fujin_cli.core.findings.finding import Finding
from fujin_cli.store.workspace.load import Contents, Texts, bytes_of, contents_of

if TYPE_CHECKING:  # a run on unchanged files needs none of these
    from fujin_cli.core.model.workspace import Workspace
    from fujin_cli.store.cache.validation_cache import ValidationCache
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


@dataclass(frozen=True, slots=True)
class CheckedFiles:
    """Parsed files, and every finding about them: without line numbers, suppressed ones included."""

    files: Files
    findings: Sequence[Finding]


def validate(
    root: Path, today: date, only: Sequence[str] = (), contents: Contents | None = None, keep: bool = False
) -> Validated:
    """List every finding of the workspace; ``only`` keeps those of some files (relative), judged with all the others.

    Suppressed findings are left out (``suppressions``). ``contents`` is judged in place of what the files hold.
    With ``keep``, what did not change since the last run is not judged again, and ``data/cache`` is written
    (``store.cache.validation_cache``).
    """
    if contents is not None:
        return validated(check_contents(contents, today), only)
    from fujin_cli.store.cache.validation_cache import ValidationCache, digest_of

    contents = contents_of(root)
    cache = ValidationCache(root, {path: digest_of(data) for path, data in contents.items()}, today) if keep else None
    findings = cache.findings() if cache else None
    if findings is not None:
        return _validated(findings, contents, only, lambda: _read(contents).workspace)
    checked = check_contents(contents, today, cache=cache)
    findings = _reported(checked)
    if cache:
        cache.write(findings)
    return _validated(findings, contents, only, lambda: checked.files.workspace)


def check_contents(
    contents: Contents, today: date, families: Sequence[int] = EVERY_FAMILY, cache: ValidationCache | None = None
) -> CheckedFiles:
    """Parse files, which need not be on disk, and run the rules of some families on them."""
    from fujin_cli.rules.registry import check_all

    files = _read(contents, cache)
    violations = check_all(files.workspace, today, families, cache.explored if cache else None)
    return CheckedFiles(files, [*files.findings, *violations])


def validated(checked: CheckedFiles, only: Sequence[str] = ()) -> Validated:
    """List the findings of checked files as people read them; ``only`` keeps those of some files."""
    files = checked.files
    return _validated(_reported(checked), files.contents, only, lambda: files.workspace)


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


def _read(contents: Contents, cache: ValidationCache | None = None) -> Files:
    from fujin_cli.store.workspace.read_files import read_files

    return read_files(contents, cache)


def _reported(checked: CheckedFiles) -> list[Finding]:
    """Place the findings, leave out suppressed and repeated ones, work out the fixes, and sort."""
    from fujin_cli.store.workspace.read_files import with_places
    from fujin_cli.use_cases.suppressions import without_ignored

    files = checked.files
    placed = [with_places(finding, files) for finding in checked.findings]
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
