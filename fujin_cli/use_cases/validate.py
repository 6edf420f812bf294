"""Validate a workspace: read its files, run the rules, and place, suppress, fix and order the findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fujin_cli.core.findings.finding import Finding, faulty_paths
from fujin_cli.store.workspace.load import Contents, Texts, bytes_of, contents_of

if TYPE_CHECKING:  # not imported for a run on unchanged files
    from fujin_cli.core.model.workspace import Workspace
    from fujin_cli.store.cache.validation_cache import ValidationCache
    from fujin_cli.store.cache.validation_memory import RememberedParts, ValidationMemory
    from fujin_cli.store.workspace.read_files import Files

EVERY_FAMILY = (1, 2, 3, 4, 5)
FIT_TO_WORK_WITH = (1,)  # the families of rules whose errors make a file unfit (``must_exclude_file``)


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """Hold the findings of a validation, with places and in the order of the files, and the texts they point into.

    ``read`` builds the workspace from the parts with a valid shape.
    """

    findings: Sequence[Finding]
    sources: Mapping[str, str]
    files: int
    read: Callable[[], Workspace]

    @property
    def workspace(self) -> Workspace:
        """The workspace, built from the parts with a valid shape."""
        return self.read()


@dataclass(frozen=True, slots=True)
class CheckedFiles:
    """Hold parsed files and every finding about them, without line numbers and including suppressed ones."""

    files: Files
    findings: Sequence[Finding]
    families: Sequence[int]  # whose rules were run


def validate(
    root: Path,
    today: date,
    only: Sequence[str] = (),
    contents: Contents | None = None,
    keep: bool = False,
    memory: ValidationMemory | None = None,
) -> ValidationResult:
    """Validate the whole workspace and list its findings; ``only`` selects those of some files (relative paths).

    Suppressed findings are left out (``suppressions``). ``contents`` are validated instead of the files on disk.
    With ``keep``, only what changed since the last run is checked again, and ``data/cache`` is written
    (``store.cache.validation_cache``). With ``contents`` and a ``memory``, only what differs from earlier validations
    with that memory is checked, and nothing is written.
    """
    if contents is not None:
        parts = memory.select_parts(contents) if memory else None
        return validation_result(check_contents(contents, today, cache=parts), only)
    from fujin_cli.store.cache.validation_cache import ValidationCache, digest_of

    contents = contents_of(root)
    cache = ValidationCache(root, {path: digest_of(text) for path, text in contents.items()}, today) if keep else None
    findings = cache.findings() if cache else None
    if findings is not None:
        return _make_result(findings, contents, only, lambda: _read(contents).workspace)
    checked = check_contents(contents, today, cache=cache)
    findings = _report(checked)
    if cache:
        cache.write(findings)
    return _make_result(findings, contents, only, lambda: checked.files.workspace)


def check_contents(
    contents: Contents,
    today: date,
    families: Sequence[int] = EVERY_FAMILY,
    cache: ValidationCache | RememberedParts | None = None,
    earlier: CheckedFiles | None = None,
) -> CheckedFiles:
    """Parse files, which need not be on disk, and run the rules of some families on them.

    Files with the same path and bytes in ``earlier`` are not parsed again.
    """
    from fujin_cli.rules.registry import check_all

    files = _read(contents, cache, earlier.files if earlier else None)
    violations = check_all(files.workspace, today, families, cache.explored if cache else None)
    return CheckedFiles(files, [*files.findings, *violations], families)


def validation_result(checked: CheckedFiles, only: Sequence[str] = ()) -> ValidationResult:
    """List the findings of checked files with places, sorted, without suppressed ones; ``only`` selects some files."""
    files = checked.files
    return _make_result(_report(checked), files.contents, only, lambda: files.workspace)


def place_findings(root: Path, findings: Sequence[Finding]) -> tuple[list[Finding], dict[str, str]]:
    """Read the files that findings point into: the findings with their spans, and the texts of the files."""
    from fujin_cli.store.workspace.read_files import with_places

    paths = {place.path for finding in findings for place in (finding.place, *(e.place for e in finding.related))}
    files = _read({path: bytes_of(root, path) for path in sorted(paths) if path})
    return [with_places(finding, files) for finding in findings], dict(Texts(files.contents))


def sort_findings(findings: Sequence[Finding]) -> list[Finding]:
    """Sort findings that have places, in the order of the files."""
    return sorted(findings, key=_sort_key)


def _make_result(
    findings: Sequence[Finding], contents: Contents, only: Sequence[str], read: Callable[[], Workspace]
) -> ValidationResult:
    selected = [finding for finding in findings if not only or set(only) & set(faulty_paths(finding))]
    return ValidationResult(selected, Texts(contents), len(only) or len(contents), read)


def _read(
    contents: Contents, cache: ValidationCache | RememberedParts | None = None, earlier: Files | None = None
) -> Files:
    from fujin_cli.store.workspace.read_files import read_files

    return read_files(contents, cache, earlier)


def _report(checked: CheckedFiles) -> list[Finding]:
    """Add places and fixes to the findings, drop suppressed and repeated ones, and sort."""
    from fujin_cli.store.workspace.read_files import with_places
    from fujin_cli.use_cases.suppressions import without_ignored

    files = checked.files
    placed = [with_places(finding, files) for finding in checked.findings]
    commented = {path: files.source(path) for path, text in files.contents.items() if text and b"fujin:" in text}
    remaining = without_ignored(placed, commented, checked.families)
    unique = {_sort_key(finding): finding for finding in remaining}  # rules may overlap
    return _with_fixes([unique[key] for key in sorted(unique)], files)


def _with_fixes(findings: list[Finding], files: Files) -> list[Finding]:
    if not any(finding.fix for finding in findings):
        return findings
    from fujin_cli.store.yaml.edits import Fixer

    fixer = Fixer(files.source)
    return [replace(finding, fix=fixer.locate_fix(finding.fix)) if finding.fix else finding for finding in findings]


def _sort_key(finding: Finding) -> tuple[Any, ...]:
    """Order findings by place, code and untranslated message, so that the order is the same in every language."""
    span = finding.place.span
    start = (span.line, span.column) if span else (0, 0)
    values = repr(sorted(finding.message.values.items(), key=lambda pair: pair[0]))
    return finding.place.path, start, finding.code, finding.message.text, values
