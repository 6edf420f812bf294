"""Read and check two versions of the configuration; what is the same in both is read once."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from fujin_cli.core.findings.finding import Finding, Place, faulty_paths, must_exclude_file
from fujin_cli.core.text.localized import say
from fujin_cli.core.versions.compare import Side
from fujin_cli.store.workspace.load import Contents, NoWorkspace
from fujin_cli.store.workspace.revisions import NoSuchRevision, Unreadable, Version, merge_base, version_at, work_tree
from fujin_cli.use_cases.session import Session, WrongUsage
from fujin_cli.use_cases.validate import FIT_TO_WORK_WITH, CheckedFiles, check_contents, validation_result

_UNREADABLE = "0"  # the family of findings about unreadable files
# The kind of a file is its first key. Blank lines and comments may stand before it.
_SCENARIO = re.compile(rb"(?:[ \t]*(?:#[^\n]*)?\r?\n)*scenario:")


@dataclass(frozen=True, slots=True)
class RevisionPair:
    """The names of two versions: folders or git revisions. Without ``new``, the workspace as it is on disk.

    With ``since_merge_base``, the old version is the one where ``new`` branched off ``old`` (git's ``old...new``).
    """

    old: str
    new: str | None
    since_merge_base: bool = False


@dataclass(frozen=True, slots=True)
class CheckedVersion:
    """One version, parsed and checked once. ``unfit`` has the first error of each file that cannot be compared.

    Scenarios that are the same in both versions are left out: nothing in them can differ, and no case depends on them.
    """

    version: Version
    checked: CheckedFiles
    unfit: dict[str, Finding]
    side: Side


def workspace_root(session: Session) -> Path | None:
    """Find the folder of the workspace; None outside one. Raises NoWorkspace where ``--workspace`` names none."""
    try:
        return session.root
    except NoWorkspace:
        if session.folder is not None:
            raise
        return None


def read_versions(
    revisions: RevisionPair, root: Path | None
) -> tuple[CheckedVersion | Finding, CheckedVersion | Finding]:
    """Read and check the old and the new version; a finding for one that cannot be read. Raises WrongUsage."""
    old, new = _read_old(revisions, root), _read_new(revisions, root)
    shared = {} if isinstance(old, Finding) or isinstance(new, Finding) else _find_shared_scenarios(old, new)
    checked_old = old if isinstance(old, Finding) else _check(old, shared)
    earlier = None if isinstance(checked_old, Finding) else checked_old.checked
    return checked_old, new if isinstance(new, Finding) else _check(new, shared, earlier)


def _read_old(revisions: RevisionPair, root: Path | None) -> Version | Finding:
    try:
        if revisions.since_merge_base:
            return merge_base(revisions.old, revisions.new or "HEAD", root)
        return version_at(revisions.old, root, Path.cwd())
    except Unreadable as problem:
        return make_unreadable_finding(problem, revisions.old)


def _read_new(revisions: RevisionPair, root: Path | None) -> Version | Finding:
    try:
        if revisions.new is not None:
            return version_at(revisions.new, root, Path.cwd())
        if root is None:
            raise NoSuchRevision(say("there is no workspace here to compare with"), say("give two folders"))
        return work_tree(root)
    except Unreadable as problem:
        return make_unreadable_finding(problem, revisions.new or str(say("work tree")))


def make_unreadable_finding(problem: Unreadable, name: str) -> Finding:
    """Make the finding for a version that cannot be read. Raises WrongUsage where there is no such version."""
    if isinstance(problem, NoSuchRevision):
        raise WrongUsage(problem.message, problem.help) from None
    return Finding("FJ609", "error", problem.message, Place(name), problem.help)


def _find_shared_scenarios(old: Version, new: Version) -> Contents:
    """Find the scenarios that have the same path and bytes in both versions."""
    return {
        path: content
        for path, content in old.contents.items()
        if content is not None and new.contents.get(path) == content and _SCENARIO.match(content)
    }


def _check(version: Version, left_out: Contents, earlier: CheckedFiles | None = None) -> CheckedVersion:
    """Parse and check a version without some of its files; what ``earlier`` parsed is not parsed again."""
    contents = {path: content for path, content in version.contents.items() if path not in left_out}
    if earlier is not None and contents == earlier.files.contents:
        checked = earlier
    else:
        checked = check_contents(contents, date.max, FIT_TO_WORK_WITH, earlier=earlier)
    folder = "" if version.name in ("", ".") else f"{version.name.rstrip('/')}/"
    prefix = f"{version.name}:" if version.commit else folder
    title = version.name or str(say("work tree"))
    if version.about is not None:
        title = str(say("{name} ({about})", name=title, about=version.about))

    def locate(place: Place) -> Place:
        located = checked.files.placed(place)
        return replace(located, path=f"{prefix}{located.path}")

    return CheckedVersion(version, checked, _find_unfit_files(checked), Side(title, checked.files.workspace, locate))


def _find_unfit_files(checked: CheckedFiles) -> dict[str, Finding]:
    """Find the files with errors that keep them from being compared, with the first error of each.

    Runs of a procedure can only be compared where it has no error; of other files, the parts that can be read are
    compared.
    """
    procedures = {file.path for file in checked.files.workspace.files if file.kind == "procedure"}
    first_errors: dict[str, Finding] = {}
    for finding in validation_result(checked).findings:
        for path in faulty_paths(finding) if must_exclude_file(finding) else ():
            if path in procedures or finding.code[2] == _UNREADABLE:
                first_errors.setdefault(path, finding)
    return first_errors
