"""Leave out the findings that an earlier version of the workspace has too: a change did not cause them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.text.localized import say
from fujin_cli.store.workspace.revisions import Version, merge_base, version_at
from fujin_cli.store.yaml.stable_anchors import make_anchors
from fujin_cli.use_cases.revisions.read_versions import RevisionPair
from fujin_cli.use_cases.session import WrongUsage
from fujin_cli.use_cases.validate import ValidationResult, check_contents, validation_result
from fujin_cli.use_cases.validate_open_cases import add_case_findings


@dataclass(frozen=True, slots=True)
class ComparedFindings:
    """Hold a validation with only the findings that ``earlier`` does not have; ``unchanged`` counts the others."""

    validated: ValidationResult
    earlier: Version
    unchanged: int


def read_earlier(revisions: RevisionPair, root: Path) -> Version:
    """Read the version to compare with: a folder, a git revision, or with ``A...`` where HEAD left it.

    Raises WrongUsage for a range of two versions, Unreadable, NoSuchRevision.
    """
    if revisions.new not in (None, "HEAD") or (revisions.new is not None and not revisions.since_merge_base):
        raise WrongUsage(
            say("--since takes one version: the other one is the workspace on disk"),
            say("write --since A, or --since A... for the common ancestor of A and HEAD"),
        )
    if revisions.since_merge_base:
        return merge_base(revisions.old, "HEAD", root)
    return version_at(revisions.old, root, Path.cwd())


def keep_new_findings(
    validated: ValidationResult, earlier: Version, today: date, root: Path | None = None
) -> ComparedFindings:
    """Keep the findings that the change since ``earlier`` has caused.

    A finding is the same if its code is, and what it is about: the part of the file, by keys and names instead of
    lines, and what it says, numbers aside. Of several that are alike, as many are left out as the earlier version has.
    ``root`` is the workspace whose open cases count.
    """
    before = validation_result(check_contents(earlier.contents, today))
    if root is not None:
        before = add_case_findings(root, before, is_on_disk=False)
    old, new = _describe(before), _describe(validated)
    remaining = list(range(len(validated.findings)))
    known = list(range(len(before.findings)))
    for key_of in _KEYS:
        counts = Counter(key_of(old[number]) for number in known)
        unmatched = []
        for number in remaining:
            key = key_of(new[number])
            if counts[key] > 0:
                counts[key] -= 1
            else:
                unmatched.append(number)
        known = _list_unused(known, [key_of(old[number]) for number in known], counts)
        remaining = unmatched
    findings = [validated.findings[number] for number in remaining]
    return ComparedFindings(replace(validated, findings=findings), earlier, len(validated.findings) - len(findings))


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a finding is about: its code, its file, the part of the file, and what it says, with and without numbers."""

    code: str
    file: Hashable
    anchor: str
    sentence: str
    words: str


_KEYS: tuple[Callable[[_Subject], Hashable], ...] = (
    lambda subject: subject,
    lambda subject: (subject.code, subject.file, subject.sentence),  # the part has another place in the file
    lambda subject: (subject.code, subject.file, subject.anchor, subject.words),  # it says the same with other numbers
)


def _describe(result: ValidationResult) -> list[_Subject]:
    """Describe what each finding is about; a file is known by its kind and name, so that it may be moved."""
    names = {file.path: (file.kind, file.name) for file in result.workspace.files if file.kind and file.name}
    anchors = make_anchors(result.findings, result.sources)
    return [
        _Subject(
            finding.code,
            names.get(finding.place.path, finding.place.path),
            anchor,
            _sentence_of(finding, numbers=True),
            _sentence_of(finding, numbers=False),
        )
        for finding, anchor in zip(result.findings, anchors, strict=True)
    ]


def _sentence_of(finding: Finding, *, numbers: bool) -> str:
    """Write the finding's sentence independent of the language, with or without the numbers in it."""
    values = [(name, value) for name, value in finding.message.values.items() if numbers or not isinstance(value, int)]
    return repr((finding.severity, finding.message.text, sorted(values, key=lambda pair: pair[0])))


def _list_unused(numbers: Sequence[int], keys: Sequence[Hashable], counts: Counter[Hashable]) -> list[int]:
    """List the earlier findings that no finding was matched with; ``counts`` says how many of each key there are."""
    left_over = Counter(counts)
    unused = []
    for number, key in zip(numbers, keys, strict=True):
        if left_over[key] > 0:
            left_over[key] -= 1
            unused.append(number)
    return unused
