"""Group the references to procedures that the workspace does not have: a missing file gives one finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from fujin_cli.core.findings.finding import Finding, Fix, Place, Related
from fujin_cli.core.model.migration_file import read_migrations
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import say, say_count
from fujin_cli.rules.support.defined_names import DefinedNames, unknown_name
from fujin_cli.rules.support.file_index import index_files
from fujin_cli.rules.support.procedure_source import Mention, ProcedureSource, procedure_sources
from fujin_cli.rules.support.scenario_source import scenario_files


def missing_procedures(workspace: Workspace, code: str) -> Iterator[Finding]:
    """Report every missing procedure once, with all places that refer to it, if the first of these is of that rule.

    Whatever can be opened or configured (FJ109) comes before scenarios (FJ133) and migrations (FJ140).
    """
    procedures = index_files(workspace).named("procedure")
    grouped: dict[str, list[tuple[str, Mention]]] = {}
    for rule, mention in _list_mentions(workspace):
        if mention.name and mention.name not in procedures:
            grouped.setdefault(mention.name, []).append((rule, mention))
    for name, mentions in grouped.items():
        if mentions[0][0] == code:
            yield _build_finding(code, name, [mention.place for _, mention in mentions], procedures)


def _build_finding(code: str, name: str, places: list[Place], procedures: DefinedNames) -> Finding:
    first, *others = places
    finding = unknown_name(code, say("there is no procedure {procedure}", procedure=name), first, name, procedures)
    if not others:
        return finding
    message = say_count(
        "there is no procedure {procedure}; {count} more place refers to it",
        "there is no procedure {procedure}; {count} more places refer to it",
        procedure=name,
        count=len(others),
    )
    help = finding.help if finding.fix else say("add its file again, or remove what refers to it")
    related = (
        *(finding.related if finding.fix else ()),
        *(Related(say("it is named here"), place, is_fault=True) for place in others),
    )
    return replace(finding, message=message, help=help, related=related, fix=_extend_fix(finding.fix, first, others))


def _extend_fix(fix: Fix | None, first: Place, places: list[Place]) -> Fix | None:
    """Extend the fix of one place to its whole file; the next round of ``--fix`` reports the next file."""
    if fix is None:
        return None
    [edit] = fix.edits
    same_file = [place for place in places if place.path == first.path]
    return replace(fix, edits=(edit, *(replace(edit, place=place) for place in same_file)))


def _list_mentions(workspace: Workspace) -> Iterator[tuple[str, Mention]]:
    for source in procedure_sources(workspace):
        yield from (("FJ109", mention) for mention in _names_in_procedure(source))
    yield from (("FJ109", mention) for mention in (*_names_in_committees(workspace), *_names_in_city(workspace)))
    for scenario, file in scenario_files(workspace):
        yield "FJ133", Mention(scenario.procedure, Place(file.path, ("procedure",)))
    for migration in read_migrations(workspace.files):
        yield "FJ140", Mention(migration.procedure, Place(migration.path, ("procedure",)))


def _names_in_procedure(source: ProcedureSource) -> Iterator[Mention]:
    for effects in source.procedure.all_effects():
        for opens in effects.opens:
            yield from source.text((*opens.route, "procedure"))
    for name, field in source.procedure.fields.items():
        if field.type == "case":
            yield from source.names(("fields", name, "of"))


def _names_in_committees(workspace: Workspace) -> Iterator[Mention]:
    for committee in workspace.organisation.committees.values():
        for name in committee.details.get("procedures") or ():
            yield Mention(name, Place(committee.path, ("procedures", name)))
        for name in _list_procedure_names(committee.details.get("settings")):
            yield Mention(name, Place(committee.path, ("settings", name), key=True))


def _names_in_city(workspace: Workspace) -> Iterator[Mention]:
    path = workspace.path_of("jurisdiction")
    for community, settings in workspace.organisation.settings.items():
        for name in _list_procedure_names(settings):
            yield Mention(name, Place(path, ("settings", community, name), key=True))


def _list_procedure_names(settings: object) -> list[str]:
    return list(settings) if isinstance(settings, Mapping) else []
