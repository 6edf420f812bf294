"""What became of single edits of a procedure, as scripts read it and as people do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from fujin_cli.core.message import say
from fujin_cli.core.mutations import Verdict
from fujin_cli.render.snippets import arrow

Judged = Mapping[str, Sequence[Verdict]]  # procedure → what became of each edit


def mutations_json(judged: Judged) -> dict[str, Any]:
    """Version 1. ``share`` is caught of those that still load, from 0 to 1; null where none does."""
    return {"version": 1, "procedures": [_procedure_json(name, verdicts) for name, verdicts in judged.items()]}


def _procedure_json(name: str, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    loaded = [verdict for verdict in verdicts if verdict.loads]
    caught = [verdict for verdict in loaded if verdict.by]
    return {
        "procedure": name,
        "edits": len(verdicts),
        "refused": len(verdicts) - len(loaded),
        "caught": len(caught),
        "survived": len(loaded) - len(caught),
        "share": round(len(caught) / len(loaded), 4) if loaded else None,
        "mutations": [_mutation_json(verdict) for verdict in verdicts],
    }


def _mutation_json(verdict: Verdict) -> dict[str, Any]:
    span = verdict.place.span
    return {
        "edit": verdict.mutation.name(),
        "kind": verdict.mutation.kind,
        "value": verdict.mutation.value,
        "path": verdict.place.path,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "verdict": "refused" if not verdict.loads else "caught" if verdict.by else "survived",
        "by": verdict.by,
    }


def mutations_text(judged: Judged) -> str:
    """For each procedure how many edits were noticed and by what, and those that were not, with their places."""
    return "\n".join("\n".join(_procedure_lines(name, verdicts)) + "\n" for name, verdicts in judged.items())


def _procedure_lines(name: str, verdicts: Sequence[Verdict]) -> list[str]:
    loaded = [verdict for verdict in verdicts if verdict.loads]
    caught = [verdict for verdict in loaded if verdict.by]
    share = f"{100 * len(caught) / len(loaded):.1f} %" if loaded else "-"
    lines = [
        str(say("{name}: {count} edits, {refused} refused at once", name=name, count=len(verdicts),
                refused=len(verdicts) - len(loaded))),
        str(say("{caught} of the other {count} are noticed ({share})", caught=len(caught), count=len(loaded),
                share=share)),
    ]  # fmt: skip
    lines += [f"  {count:>5}  {by}" for by, count in _by(caught).most_common()]
    survivors = [verdict for verdict in loaded if not verdict.by]
    if survivors:
        lines.append(str(say("nothing notices these:")))
        lines += [f"  {arrow(verdict.place)}  {verdict.mutation.name()}" for verdict in survivors]
    return lines


def _by(caught: Sequence[Verdict]) -> Counter[str]:
    """How many each code noticed; scenarios are counted together."""
    scenarios = str(say("scenarios"))
    return Counter(verdict.by if verdict.by.startswith("FJ") else scenarios for verdict in caught if verdict.by)
