"""List every rule by its module's name, run them, and sort and de-duplicate their findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

from fujin_cli.core.findings.finding import Finding, Severity, faulty_paths
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.language import read_explain_page
from fujin_cli.rules.support.context import Rule, RuleContext

if TYPE_CHECKING:
    from fujin_cli.rules.incremental import Memory


# A new rule is one file and one line here. A code never changes its meaning and is never used again.
RULES = (
    "references.fj101_undeclared_person",
    "references.fj102_unknown_role",
    "references.fj103_unknown_step",
    "references.fj104_unknown_field",
    "references.fj105_unknown_group",
    "references.fj106_invalid_duration",
    "references.fj107_invalid_count",
    "references.fj108_setting_outside_range",
    "references.fj109_unknown_procedure",
    "references.fj110_unknown_setting",
    "references.fj111_setting_value_refused",
    "references.fj112_unknown_unit",
    "references.fj113_unlisted_word",
    "references.fj114_unknown_level",
    "references.fj115_impossible_field_value",
    "references.fj116_incomparable_test",
    "references.fj117_unknown_outcome",
    "references.fj118_unknown_notification_kind",
    "references.fj119_event_never_happens",
    "references.fj120_weak_guarantee",
    "references.fj121_mismatched_hand_over",
    "references.fj122_unopenable_child",
    "references.fj123_lead_not_unique",
    "references.fj124_join_never_happens",
    "references.fj125_wrong_field_type",
    "references.fj126_ambiguous_name",
    "references.fj127_misplaced_file",
    "references.fj128_missing_file",
    "references.fj129_unknown_person",
    "references.fj130_proof_never_issued",
    "references.fj131_unknown_list_item",
    "references.fj132_reserved_community_name",
    "references.fj133_scenario_without_target",
    "references.fj134_unknown_scenario_line",
    "references.fj135_unknown_scenario_field",
    "references.fj136_impossible_expectation",
    "references.fj137_unknown_scenario_actor",
    "references.fj138_invalid_scenario_value",
    "references.fj139_unknown_refusal_code",
    "references.fj140_migration_without_procedure",
    "references.fj141_migration_to_unknown_step",
    "references.fj142_migration_to_old_version",
    "references.fj143_migration_into_end",
    "references.fj144_migration_unapproved",
    "references.fj145_fillable_result",
    "references.fj146_child_without_committee",
    "references.fj148_unstated_calendar",
    "references.fj149_language_without_screens",
    "references.fj150_amended_result",
    "references.fj151_unknown_name_in_view",
    "organisation.fj201_seats_outside_menu",
    "organisation.fj202_members_do_not_match_seats",
    "organisation.fj203_unstaffed_work",
    "organisation.fj204_invalid_term",
    "organisation.fj205_duplicate_person",
    "organisation.fj206_escalation_to_nobody",
    "organisation.fj207_missing_roster",
    "organisation.fj208_no_single_head",
    "organisation.fj209_missing_skill",
    "organisation.fj210_duplicate_committee_kind",
    "organisation.fj211_unreachable_partner",
    "organisation.fj212_unanswerable_topic",
    "organisation.fj213_missing_notice_board",
    "organisation.fj214_seats_on_office_roster",
    "organisation.fj215_handler_enters_word",
    "organisation.fj216_too_few_people",
    "organisation.fj217_too_few_partners",
    "behaviour.fj301_unreachable_step",
    "behaviour.fj302_dead_action",
    "behaviour.fj303_deadlock",
    "behaviour.fj304_no_path_to_end",
    "behaviour.fj305_unbounded_loop",
    "behaviour.fj306_untimed_step",
    "behaviour.fj307_futile_ladder",
    "behaviour.fj308_automatic_loop",
    "behaviour.fj309_overlapping_guards",
    "behaviour.fj310_guard_gap",
    "behaviour.fj311_constant_guard",
    "behaviour.fj312_waits_forever",
    "behaviour.fj313_not_explored",
    "behaviour.fj314_unused_limit",
    "behaviour.fj315_unbounded_pause",
    "behaviour.fj316_rung_never_happens",
    "behaviour.fj317_clock_never_runs",
    "behaviour.fj318_outcome_not_replaced",
    "behaviour.fj319_child_outlasts_step",
    "behaviour.fj320_dead_at_extreme",
    "guarantees.fj401_violated",
    "guarantees.fj402_inevitably_violated",
    "guarantees.fj403_never_fulfilled",
    "guarantees.fj404_vacuous",
    "guarantees.fj405_conflicting",
    "guarantees.fj406_single_eligible_actor",
    "guarantees.fj407_unattainable_time",
    "guarantees.fj409_undecided",
    "guarantees.fj410_avoidable_condition",
    "privacy.fj501_hidden_but_public",
    "privacy.fj502_private_made_public",
    "privacy.fj503_told_to_unentitled",
    "privacy.fj504_unreviewed_publication",
    "privacy.fj505_contact_in_plain_field",
    "privacy.fj506_personal_data_in_file",
)
_REFUSALS = """
    FJ801 FJ802 FJ803 FJ804 FJ805 FJ806 FJ807 FJ808 FJ809 FJ810 FJ811 FJ812 FJ813 FJ814 FJ815 FJ816
    FJ817 FJ818 FJ819 FJ820 FJ821 FJ822 FJ823 FJ824 FJ825 FJ826 FJ827 FJ828 FJ829 FJ830 FJ831 FJ832
    FJ833 FJ834 FJ835 FJ836 FJ837 FJ838 FJ839
"""
# Codes without a module: other parts of fujin report them. Their pages are Markdown in fujin_cli/locale/en/explain.
PAGE_ONLY: Mapping[str, Severity] = {
    "FJ001": "error",
    "FJ002": "error",
    "FJ003": "error",
    "FJ004": "error",
    "FJ005": "error",
    "FJ006": "error",
    "FJ007": "error",
    "FJ008": "error",
    "FJ009": "error",
    "FJ020": "error",
    "FJ021": "error",
    "FJ022": "warning",
    "FJ601": "error",
    "FJ602": "error",
    "FJ603": "warning",
    "FJ604": "warning",
    "FJ605": "warning",
    "FJ606": "warning",
    "FJ607": "warning",
    "FJ608": "info",
    "FJ609": "error",
    "FJ610": "warning",
    "FJ611": "warning",
    "FJ612": "warning",
    "FJ613": "warning",
    "FJ614": "warning",
    "FJ615": "warning",
    "FJ616": "warning",
    "FJ617": "error",
    "FJ618": "error",
    "FJ701": "error",
    "FJ702": "error",
    "FJ703": "error",
    "FJ704": "error",
    "FJ705": "error",
    "FJ706": "error",
    "FJ707": "error",
    "FJ708": "error",
    "FJ709": "warning",
    "FJ710": "info",
    "FJ711": "error",
    "FJ712": "error",
    "FJ713": "error",
    **dict.fromkeys(_REFUSALS.split(), "error"),
}
ALL_FAMILIES = (1, 2, 3, 4, 5)
EXPLORING_FAMILIES = (3, 4, 5)  # 3 and 4 explore every case that can happen, 5 the flow of every value
UNFIT = "FJ200"  # a procedure with an error below this code cannot be explored


def rules(families: Sequence[int] = ALL_FAMILIES) -> Iterator[Rule]:
    """List the rules of the families, importing each when its turn comes."""
    for name in RULES:
        if int(code_of(name)[2]) in families:
            yield _import_rule(name)


def check_all(
    workspace: Workspace, today: date, families: Sequence[int] = ALL_FAMILIES, memory: Memory | None = None
) -> list[Finding]:
    """List every finding of the families' rules, each once, ordered by file, route and code. ``today`` is a local day.

    Families 3 and 4 explore every case that can happen, family 5 every value. They judge only procedures without an
    error of families 0 and 1, procedure by procedure (``rules.incremental``), and take from ``memory`` the findings of
    those that have not changed.
    """
    exploring = [family for family in EXPLORING_FAMILIES if family in families]
    first = (1, 2) if exploring else families
    early = [finding for rule in rules(first) for finding in rule.check(RuleContext(workspace, today))]
    findings = [finding for finding in early if int(finding.code[2]) in families]
    explorable = _restrict_to_explorable(workspace, early) if exploring else None
    if explorable is not None and explorable.procedures:  # without a procedure these families are not even imported
        from fujin_cli.rules.incremental import check_parts

        findings += check_parts(explorable, today, list(rules(exploring)), memory)
    return sort_findings(findings)


def _restrict_to_explorable(workspace: Workspace, findings: Iterable[Finding]) -> Workspace:
    """Keep only the procedures that can be explored: sound ones that open no unsound one, directly or not."""
    from fujin_cli.core.explore.call_graph import list_opened_names

    broken = {
        path
        for finding in findings
        if finding.severity == "error" and finding.code < UNFIT
        for path in faulty_paths(finding)
    }
    broken |= {file.path for file in workspace.files if file.pruned}
    sound = {name: version for name, version in workspace.procedures.items() if version.path not in broken}
    while True:
        closed = {name: version for name, version in sound.items() if list_opened_names(version) <= sound.keys()}
        if len(closed) == len(sound):
            return replace(workspace, procedures=closed)
        sound = closed


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings by file, route and code, and keep the first of those with the same place and message."""
    unique = {_finding_identity(finding): finding for finding in reversed(list(findings))}
    return [unique[key] for key in sorted(unique)]


def _finding_identity(finding: Finding) -> tuple[str, tuple[tuple[int, str], ...], str, str]:
    place = finding.place
    route = tuple((part, "") if isinstance(part, int) else (-1, part) for part in place.route)
    message = repr((finding.message.text, sorted(finding.message.values.items(), key=lambda pair: pair[0])))
    return place.path, route, finding.code, message


def code_of(name: str) -> str:
    """Give the finding code of a rule's module name: ``references.fj101_undeclared_person`` → ``FJ101``."""
    return name.partition(".")[2][:5].upper()


def codes() -> list[str]:
    """List every code that has a page, in order."""
    return sorted([*map(code_of, RULES), *PAGE_ONLY])


def severity_of(code: str) -> Severity:
    """Give the worst severity that findings of a code can have. Raises KeyError for an unknown code."""
    return PAGE_ONLY[code] if code in PAGE_ONLY else _import_rule(_module_names_by_code()[code]).SEVERITY


def page(code: str) -> str | None:
    """Give the English documentation page of a code of any family; None for an unknown code."""
    if (name := code.upper()) in PAGE_ONLY:
        return read_explain_page("en", name)
    module = _module_names_by_code().get(name)
    return (_import_rule(module).__doc__ or "").lstrip("\n") if module else None


def _module_names_by_code() -> dict[str, str]:
    return {code_of(name): name for name in RULES}


@cache
def _import_rule(name: str) -> Rule:
    return cast(Rule, import_module(f"{__package__}.{name}"))
