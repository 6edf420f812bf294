"""Show the results of mutation testing, as JSON and as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fujin_cli.core.simulate.mutation_verdicts import GROUPS, MutationVerdict
from fujin_cli.core.text.localized import LocalizedText, say, say_count
from fujin_cli.render.basics.snippets import format_place
from fujin_cli.render.basics.text import fold_text

VerdictsByProcedure = Mapping[str, Sequence[MutationVerdict]]  # by the name of the procedure
TITLES = {
    "references": say("references"),
    "organisation": say("organisation"),
    "behaviour": say("behaviour"),
    "guarantees": say("guarantees"),
    "privacy": say("privacy"),
    "scenarios": say("scenarios"),
}


def mutations_json(verdicts_by_procedure: VerdictsByProcedure) -> dict[str, Any]:
    """Write the results as JSON, version 1. ``share`` is the part of loadable edits that is caught; null for none."""
    return {
        "version": 1,
        "procedures": [_procedure_results_json(name, verdicts) for name, verdicts in verdicts_by_procedure.items()],
    }


def _procedure_results_json(name: str, verdicts: Sequence[MutationVerdict]) -> dict[str, Any]:
    loaded = [verdict for verdict in verdicts if verdict.loads]
    caught = [verdict for verdict in loaded if verdict.first_noticed_by]
    return {
        "procedure": name,
        "edits": len(verdicts),
        "refused": len(verdicts) - len(loaded),
        "caught": len(caught),
        "survived": len(loaded) - len(caught),
        "share": round(len(caught) / len(loaded), 4) if loaded else None,
        **_count_detections(loaded),
        "groups": {group: sum(group in verdict.noticed for verdict in loaded) for group in GROUPS},
        "mutations": [_mutation_json(verdict) for verdict in verdicts],
    }


def _count_detections(loaded: Sequence[MutationVerdict]) -> dict[str, int]:
    return {
        "proved_only": sum(verdict.is_noticed_by_proof and not verdict.is_noticed_by_scenario for verdict in loaded),
        "scenarios_only": sum(verdict.is_noticed_by_scenario and not verdict.is_noticed_by_proof for verdict in loaded),
        "both": sum(verdict.is_noticed_by_scenario and verdict.is_noticed_by_proof for verdict in loaded),
    }


def _mutation_json(verdict: MutationVerdict) -> dict[str, Any]:
    span = verdict.place.span
    return {
        "edit": verdict.mutation.describe(),
        "kind": verdict.mutation.kind,
        "value": verdict.mutation.describe_value(),
        "path": verdict.place.path,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "verdict": "refused" if not verdict.loads else "caught" if verdict.first_noticed_by else "survived",
        "by": verdict.first_noticed_by,
        "noticed": {group: list(verdict.noticed.get(group, ())) for group in GROUPS},
    }


def mutations_text(verdicts_by_procedure: VerdictsByProcedure, width: int = 0) -> str:
    """Write for each procedure how many edits each measure noticed, and the survivors with their places.

    Lines fold at ``width`` columns (0: never).
    """
    pages = (
        [part for line in _procedure_lines(name, verdicts) for part in fold_text(line, width)]
        for name, verdicts in verdicts_by_procedure.items()
    )
    return "\n".join("".join(f"{line}\n" for line in page) for page in pages)


def _procedure_lines(name: str, verdicts: Sequence[MutationVerdict]) -> list[str]:
    loaded = [verdict for verdict in verdicts if verdict.loads]
    caught = [verdict for verdict in loaded if verdict.first_noticed_by]
    lines = [
        str(
            say_count(
                "{name}: {count} edit, {invalid} of them invalid",
                "{name}: {count} edits, {invalid} of them invalid",
                name=name,
                count=len(verdicts),
                invalid=len(verdicts) - len(loaded),
            )
        ),
        str(
            say(
                "detected: {caught} of {count} valid edits ({share})",
                caught=len(caught),
                count=len(loaded),
                share=_format_share(len(caught), len(loaded)),
            )
        ),
    ]
    counts = _count_detections(loaded)
    parts: tuple[tuple[int, LocalizedText], ...] = (
        (counts["proved_only"] + counts["both"], say("by findings")),
        (counts["scenarios_only"] + counts["both"], say("by scenarios")),
        (counts["both"], say("by both findings and scenarios")),
        (counts["proved_only"], say("only by findings")),
        (counts["scenarios_only"], say("only by scenarios")),
    )
    lines += [f"  {count:>5}  {_format_share(count, len(loaded)):>7}  {words}" for count, words in parts]
    lines.append(str(say("by kind of check:")))
    for group in GROUPS:
        noticed = [verdict.noticed[group] for verdict in loaded if group in verdict.noticed]
        codes = "" if group == "scenarios" else _format_code_counts(noticed)
        lines.append(f"  {len(noticed):>5}  {_format_share(len(noticed), len(loaded)):>7}  {TITLES[group]}{codes}")
    survivors = [verdict for verdict in loaded if not verdict.first_noticed_by]
    if survivors:
        lines.append(str(say("not detected:")))
        lines += [f"  {format_place(verdict.place)}  {verdict.mutation.describe()}" for verdict in survivors]
    return lines


def _format_share(part: int, total: int) -> str:
    return f"{100 * part / total:.1f} %" if total else "-"


def _format_code_counts(noticed: Iterable[tuple[str, ...]]) -> str:
    """Count the edits that each code noticed, most first."""
    counts = Counter(code for codes in noticed for code in codes)
    counted = [f"{code} {count}" for code, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))]
    return f" ({', '.join(counted)})" if counted else ""
