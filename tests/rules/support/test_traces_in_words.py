"""A run in a finding: in Chinese by titles, in English by the names that people type."""

from __future__ import annotations

import pytest

from fujin_cli import language
from fujin_cli.core.explore.explorer import explore_all
from fujin_cli.rules.support.procedure_source import procedure_sources
from fujin_cli.rules.support.traces import trace_of
from tests.support.small_town import procedure, town

LOAN = """
fields:
  size:
    title: {zh: 大小, en: how large}
    type: choice
    of: {small: {zh: 小件, en: a small thing}, large: 大件}
    optional: yes
  reason: {title: 理由, type: text, optional: yes}
steps:
  asked:
    title: {zh: 申请, en: Asked}
    owner: clerk
    actions: {check: {title: {zh: 核对, en: check}, to: sorting, by: clerk, needs: [reason]}}
  sorting:
    title: {zh: 分拣, en: Sorting}
    then: [{to: lent, when: {size: small, reason: given}}, {to: lost}]
  lent: {title: {zh: 借出, en: Lent}, end: done}
  lost: {end: lost}
"""


@pytest.fixture(scope="module")
def run() -> list[object]:
    workspace = town(procedure(LOAN))
    [source] = [source for source in procedure_sources(workspace) if "sorting" in source.procedure.steps]
    [exploration] = explore_all(workspace.procedures).explorations[source.procedure.name]
    lent = next(n for n in range(len(exploration.states)) if exploration.step_of(n) == "lent")
    return [step.text for step in trace_of(source, exploration.find_path_to(lent))]


@pytest.mark.parametrize(
    ("tongue", "lines"),
    [
        (
            "en",
            [
                "Asked: the case is opened (size=small)",
                "Asked: check by clerk (reason=…)",
                "Sorting: automatically, to lent",
            ],
        ),
        ("zh", ["申请：登记事项（大小=小件）", "申请：clerk 办理“核对 (check)”（理由=…）", "分拣：自动转到借出"]),
    ],
)
def test_values_and_targets_have_titles_in_chinese(run: list[object], tongue: str, lines: list[str]) -> None:
    current = language.current_language()
    language.set_language(tongue)
    try:
        assert [str(text) for text in run] == lines
    finally:
        language.set_language(current)
