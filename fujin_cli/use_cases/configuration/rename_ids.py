"""Plan the renaming of ids: every file that refers to one, with its comments, and the file that is called by it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from fujin_cli.core.findings.refusals import FILES_NOT_CHANGED, ID_TAKEN, Refusal
from fujin_cli.core.model.ids import NAME
from fujin_cli.core.model.references import ACTORS, UNITS, Reference, ReferenceIndex, write_reference
from fujin_cli.core.text.localized import say, shorten_list
from fujin_cli.core.wording.reference_types import type_label
from fujin_cli.store.schema.references import WrittenReference, list_reference_places
from fujin_cli.store.workspace.load import Contents
from fujin_cli.store.workspace.read_files import Files, read_files
from fujin_cli.store.yaml.comments import find_comments
from fujin_cli.store.yaml.read import read_yaml
from fujin_cli.store.yaml.set_values import replace_scalars
from fujin_cli.use_cases.configuration.earlier_names import EarlierNames, add_group_definition
from fujin_cli.use_cases.configuration.file_changes import CHECKED_FAMILIES, FileChanges
from fujin_cli.use_cases.configuration.formatted_text import format_as_before
from fujin_cli.use_cases.session import WrongUsage
from fujin_cli.use_cases.validate import CheckedFiles, check_contents

_SHOWN = 5
_MARK = "\ufeff"  # byte order mark
Renames = Mapping[Reference, str]


@dataclass(frozen=True, slots=True)
class RenamePlan:
    """Hold the changed files, and how many places of them name the new id."""

    changes: FileChanges
    places: int
    linked: tuple[Reference, ...] = ()  # ids of other procedures that are renamed too, because both must be the same
    comments: tuple[str, ...] = ()  # ``path:line`` of each comment in which an old id stands


def plan_renames(contents: Contents, renames: Renames, today: date, stored_digests: Collection[str] = ()) -> RenamePlan:
    """Plan the renaming of several ids at once, and check that it brings no new error. Raises Refusal and WrongUsage.

    ``stored_digests`` are the versions of procedures in the ledger: ``was:`` names the id that those have.
    """
    files = read_files(contents)
    index = ReferenceIndex(files.workspace)
    written = _list_written_references(files)
    every = _add_linked(renames, written, index)
    for reference, new in every.items():
        _check_new_id(reference, new, index, every)
    stored = {name for name, version in files.workspace.procedures.items() if version.digest in stored_digests}
    changed: dict[str, bytes] = {}
    places = 0
    for path, references in written.items():
        text, count = _rename_in_file(files, path, references, index, every, stored)
        places += count
        if count:
            changed[path] = text.encode()
    changes = FileChanges.of(contents, changed, _plan_moves(files, written, index, every, changed))
    _check_no_new_error(contents, changes, today)
    linked = tuple(reference for reference in every if reference not in renames)
    return RenamePlan(changes, places, linked, tuple(_list_comments(changes, {reference.id for reference in every})))


def _list_comments(changes: FileChanges, ids: Collection[str]) -> Iterator[str]:
    """List the comments of the changed files that mention an old id: a person has to read and change them."""
    words = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, ids))})(?![\w-])")
    for change in changes.changes:
        source = read_yaml(change.new, change.new_path)
        for line, column in sorted(find_comments(source).items()):
            if words.search(source.lines[line][column:]):
                yield f"{change.new_path}:{line + 1}"


def _list_written_references(files: Files) -> dict[str, list[WrittenReference]]:
    """List the places of every file. Raises Refusal for a file that cannot be read to its end."""
    written = {}
    for path in files.contents:
        source = files.source(path)
        if source.root_node is None:
            raise Refusal(
                FILES_NOT_CHANGED,
                say("{path} cannot be read, so it may refer to the id", path=path),
                help=say("run `fujin validate` and mend the file first"),
            )
        written[path] = list(list_reference_places(source))
    return written


def _add_linked(
    renames: Renames, written: Mapping[str, list[WrittenReference]], index: ReferenceIndex
) -> dict[Reference, str]:
    """Add the ids that must have the same name: fields of two procedures between which ``bring`` carries a value."""
    every = dict(renames)
    meanings = [index.find_meanings(reference.place) for places in written.values() for reference in places]
    shared = [meaning for meaning in meanings if len(meaning) > 1]
    while True:
        linked = {
            other: every[reference]
            for meaning in shared
            for reference in meaning
            if reference in every
            for other in meaning
            if other not in every
        }
        if not linked:
            return every
        every |= linked


def _check_new_id(reference: Reference, new: str, index: ReferenceIndex, renames: Renames) -> None:
    """Check that the new id can be one and is free. Raises Refusal, and WrongUsage for one that cannot be."""
    if not NAME.fullmatch(new):
        raise WrongUsage(
            say("{id} cannot be an id", id=new),
            say("an id has at most 64 letters, digits, - and _, and begins with a letter or digit"),
        )
    if new == reference.id:
        raise WrongUsage(say("{id} is its name already", id=new))
    if reference.type == "people" and reference.id in index.workspace.organisation.levels:
        raise Refusal(
            FILES_NOT_CHANGED,
            say("{id} is also the level that `raise: {id}` tells", id=reference.id),
            help=say("keep the name, and give it another title"),
        )
    space = next((types for types in (UNITS, ACTORS) if reference.type in types), (reference.type,))
    for type in space:
        taken = Reference(type, new, reference.procedure)
        if index.is_defined(taken) and taken not in renames:
            raise Refusal(ID_TAKEN, say("there is already a {type} with the id {id}", type=type_label(type), id=new))


def _rename_in_file(
    files: Files,
    path: str,
    references: list[WrittenReference],
    index: ReferenceIndex,
    renames: Renames,
    stored: Collection[str],
) -> tuple[str, int]:
    """Return the text of a file with the new ids, and how many places of it changed."""
    source = files.source(path)
    scalars = []
    earlier = EarlierNames()
    for reference in references:
        meaning = next((meaning for meaning in index.find_meanings(reference.place) if meaning in renames), None)
        if meaning is None:
            continue
        scalars.append((reference.scalar, write_reference(reference.place, renames[meaning])))
        if reference.definition is not None and meaning.procedure:
            earlier.add(reference.definition, meaning.id, meaning.procedure in stored)
    if not scalars:
        return source.text, 0
    mark = read_byte_order_mark(files.contents[path] or b"", path, source.text)
    text = replace_scalars(source.text, scalars, earlier.edits(source))
    groups = {new: old.id for old, new in renames.items() if old.type == "group"}
    version = next((version for version in files.workspace.procedures.values() if version.path == path), None)
    for new, old in groups.items():
        if version is not None and Reference("group", old, version.name) in renames and old not in version.groups:
            text = add_group_definition(text, path, new, old)
    return mark + format_as_before(files.contents[path] or b"", path, text), len(scalars)


def read_byte_order_mark(content: bytes, path: str, text: str) -> str:
    """Return the byte order mark of a file, if it has one. Raises Refusal for characters that a text may not have."""
    raw = content.decode("utf-8", "replace")
    mark = _MARK if raw.startswith(_MARK) else ""
    if raw.removeprefix(mark) != text:
        raise Refusal(
            FILES_NOT_CHANGED,
            say("{path} has characters that cannot be written back", path=path),
            help=say("run `fujin validate` and mend the file first"),
        )
    return mark


def _plan_moves(
    files: Files,
    written: Mapping[str, list[WrittenReference]],
    index: ReferenceIndex,
    renames: Renames,
    changed: Mapping[str, bytes],
) -> dict[str, str]:
    """Plan a new path for each file that is called by the id with which it begins. Raises Refusal."""
    moves = {}
    for path in changed:
        if not written[path]:
            continue
        first = written[path][0]
        new = next((renames[meaning] for meaning in index.find_meanings(first.place) if meaning in renames), None)
        place = PurePosixPath(path)
        if new is None or place.stem != first.place.text:
            continue
        target = str(place.with_name(f"{new}{place.suffix}"))
        if target in files.contents:
            raise Refusal(ID_TAKEN, say("{path} exists already", path=target))
        moves[path] = target
    return moves


def _check_no_new_error(contents: Contents, changes: FileChanges, today: date) -> None:
    """Check that the changed files have no finding that the files did not have. Raises Refusal."""
    before = check_contents(contents, today, CHECKED_FAMILIES)
    after = check_contents(changes.apply_to(contents), today, CHECKED_FAMILIES, earlier=before)
    counts = _count_findings(after) - _count_findings(before)
    if counts:
        new = [finding for finding in after.findings if finding.code in counts]
        messages = shorten_list([finding.message for finding in new], _SHOWN)
        raise Refusal(FILES_NOT_CHANGED, say("this would bring new findings: {findings}", findings=messages))


def _count_findings(checked: CheckedFiles) -> Counter[str]:
    return Counter(finding.code for finding in checked.findings)
