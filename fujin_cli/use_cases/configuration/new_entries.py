"""Plan the files of a new committee, community, partner or procedure, and what is still to do afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fujin_cli.core.findings.finding import Finding, Route
from fujin_cli.core.findings.refusals import FILES_NOT_CHANGED, ID_TAKEN, Refusal
from fujin_cli.core.model.ids import NAME
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.references import ACTORS, UNITS, Reference, ReferenceIndex
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.core.wording.reference_types import type_label
from fujin_cli.store.workspace.load import Contents
from fujin_cli.store.workspace.template import read_entry_template, template_files
from fujin_cli.store.yaml.append_entry import CannotAppend, append_entry
from fujin_cli.store.yaml.scalars import write_flow, write_scalar
from fujin_cli.store.yaml.set_values import Value, set_values
from fujin_cli.use_cases.configuration.file_changes import CHECKED_FAMILIES, FileChanges
from fujin_cli.use_cases.configuration.formatted_text import format_as_before
from fujin_cli.use_cases.session import WrongUsage
from fujin_cli.use_cases.validate import CheckedFiles, check_contents

_REFUSED = ("FJ126", "FJ132", "FJ205")  # findings with which the new id or name cannot stay
_JURISDICTION, _PARTNERS = "workflows/jurisdiction.yaml", "workflows/partners.yaml"


@dataclass(frozen=True, slots=True)
class NewEntry:
    """Hold the changed files, and the findings that they bring: what is still to do."""

    changes: FileChanges
    todo: tuple[Finding, ...] = ()


def plan_new_committee(
    contents: Contents,
    workspace: Workspace,
    today: date,
    id: str,
    title: str,
    kind: str,
    community: str,
    procedures: Sequence[str],
) -> NewEntry:
    """Plan the file of a committee and its roster; it has the least seats of its kind. Raises Refusal, WrongUsage."""
    check_new_id(workspace, Reference("committee", id))
    least = int((workspace.organisation.kinds[kind].get("seats") or {}).get("from") or 1)
    values: dict[Route, Value] = {
        ("committee",): id,
        ("kind",): kind,
        ("community",): community,
        ("title",): check_text(title),
        ("founded", "on"): today.isoformat(),
        ("seats", "head"): "1",
        ("seats", "member"): str(max(least - 1, 0)),
        ("procedures",): list(procedures),
    }
    files = {
        f"workflows/committees/{id}.yaml": set_values(read_entry_template("committee"), values),
        f"workflows/rosters/{id}.yaml": set_values(read_entry_template("roster-of-committee"), {("roster",): id}),
    }
    return _finish(contents, files, today, new=files)


def plan_new_community(
    contents: Contents, workspace: Workspace, today: date, id: str, title: str, street: str
) -> NewEntry:
    """Plan the entry of a community in the city's file, and the roster of its office. Raises Refusal, WrongUsage."""
    check_new_id(workspace, Reference("community", id))
    path = workspace.path_of("jurisdiction") or _JURISDICTION
    entry = f"{write_scalar(id)}: {write_flow({'title': check_text(title), 'street': street})}"
    files = {
        path: _append(contents, path, ("communities",), entry),
    }
    roster = f"workflows/rosters/{id}.yaml"
    files[roster] = set_values(read_entry_template("roster-of-office"), {("roster",): id})
    return _finish(contents, files, today, new=[roster])


def plan_new_partner(
    contents: Contents, workspace: Workspace, today: date, id: str, spec: Mapping[str, object]
) -> NewEntry:
    """Plan the entry of a partner: title, sort, serves and can. Raises Refusal, WrongUsage."""
    check_new_id(workspace, Reference("partner", id))
    path = workspace.path_of("partners") or _PARTNERS
    if path not in contents:
        contents = {**contents, path: read_entry_template("partners").encode()}
        return _finish_new_file(contents, path, ("partners",), f"{write_scalar(id)}: {write_flow(spec)}", today)
    entry = f"{write_scalar(id)}: {write_flow(spec)}"
    return _finish(contents, {path: _append(contents, path, ("partners",), entry)}, today)


def plan_new_procedure(contents: Contents, workspace: Workspace, today: date, id: str, title: str) -> NewEntry:
    """Plan the file of a procedure to begin with, in the language of the place. Raises Refusal, WrongUsage."""
    check_new_id(workspace, Reference("procedure", id))
    language = "en" if workspace.languages[0].startswith("en") else "zh"
    text = template_files("minimal", language)["workflows/procedures/request.yaml"].decode()
    text = set_values(text, {("procedure",): id, ("title",): check_text(title)})
    path = f"workflows/procedures/{id}.yaml"
    return _finish(contents, {path: text}, today, new=[path])


def plan_new_person(
    contents: Contents, organisation: Organisation, today: date, unit: str, spec: Mapping[str, object]
) -> NewEntry:
    """Plan the line of a person on the roster of a unit. Raises Refusal, WrongUsage."""
    is_committee = unit in organisation.committees
    section = "members" if is_committee else "staff"
    path = organisation.roster_paths.get(unit) or f"workflows/rosters/{unit}.yaml"
    if contents.get(path) is None:
        template = read_entry_template("roster-of-committee" if is_committee else "roster-of-office")
        contents = {**contents, path: set_values(template, {("roster",): unit}).encode()}
        return _finish_new_file(contents, path, (section,), write_flow(spec), today)
    return _finish(contents, {path: _append(contents, path, (section,), write_flow(spec))}, today)


def check_new_id(workspace: Workspace, reference: Reference) -> None:
    """Check that an id can be one and is free. Raises Refusal and WrongUsage."""
    if not NAME.fullmatch(reference.id):
        raise WrongUsage(
            say("{id} cannot be an id", id=reference.id),
            say("an id has at most 64 letters, digits, - and _, and begins with a letter or digit"),
        )
    index = ReferenceIndex(workspace)
    space = next((types for types in (UNITS, ACTORS) if reference.type in types), (reference.type,))
    for type in space:
        if index.is_defined(Reference(type, reference.id, reference.procedure)):
            message = say("there is already a {type} with the id {id}", type=type_label(type), id=reference.id)
            raise Refusal(ID_TAKEN, message)


def check_text(text: str) -> str:
    """Return a title or name without the blanks around it. Raises WrongUsage for what is none."""
    text = text.strip()
    if not text or not text.isprintable():
        raise WrongUsage(say("a title or name is one line of text"))
    return text


def _append(contents: Contents, path: str, route: Route, entry: str) -> str:
    """Add an entry to a file. Raises Refusal where its layout does not allow that."""
    old = contents.get(path) or b""
    text = old.decode("utf-8", "replace")
    try:
        return format_as_before(old, path, append_entry(text, route, entry))
    except CannotAppend:
        message = say("{path} cannot be changed by a command; add this line by hand: {line}", path=path, line=entry)
        raise Refusal(FILES_NOT_CHANGED, message) from None


def _finish_new_file(contents: Contents, path: str, route: Route, entry: str, today: date) -> NewEntry:
    """Finish a plan in which the file at ``path`` is new, too."""
    text = _append(contents, path, route, entry)
    return _finish({other: old for other, old in contents.items() if other != path}, {path: text}, today)


def _finish(contents: Contents, texts: Mapping[str, str], today: date, new: Iterable[str] = ()) -> NewEntry:
    """Check the changed files, and list what they bring. Raises Refusal where a ``new`` file exists, or is invalid."""
    existing = next((path for path in new if path in contents), None)
    if existing is not None:
        raise Refusal(ID_TAKEN, say("{path} exists already", path=existing))
    changes = FileChanges.of(contents, {path: text.encode() for path, text in texts.items()})
    before = check_contents(contents, today, CHECKED_FAMILIES)
    after = check_contents(changes.apply_to(contents), today, CHECKED_FAMILIES, earlier=before)
    todo = _list_new_findings(before, after)
    unfit = next((finding for finding in todo if finding.code.startswith("FJ0") or finding.code in _REFUSED), None)
    if unfit is not None:
        raise Refusal(FILES_NOT_CHANGED, unfit.message, help=unfit.help)
    return NewEntry(changes, todo)


def _list_new_findings(before: CheckedFiles, after: CheckedFiles) -> tuple[Finding, ...]:
    old = Counter(map(_describe, before.findings))
    return tuple(finding for finding in after.findings if _describe(finding) not in old)


def _describe(finding: Finding) -> str:
    return f"{finding.code} {finding.place.path} {finding.message}"


def list_messages(findings: Iterable[Finding]) -> list[LocalizedText]:
    """List what is to do about findings: what is wrong, and the help."""
    return [
        say("{message}: {help}", message=finding.message, help=finding.help) if finding.help else finding.message
        for finding in findings
    ]
