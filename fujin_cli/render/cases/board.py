"""Draw open cases as a board: a column for each step, in the order of the procedure's flow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fujin_cli.core.listing.summary import Summary
from fujin_cli.core.text.localized import localize_value
from fujin_cli.render.basics.text import cut_to_width, pad_to_width, paint
from fujin_cli.render.cases.case_state import state_words
from fujin_cli.render.cases.list import count_words
from fujin_cli.render.cases.list_columns import ListContext

GAP = 2  # columns of space between two steps
LEAST = 22  # a step is not made narrower than this while it can go below the others


@dataclass(frozen=True, slots=True)
class BoardStyle:
    """How wide the board is, whether it may be coloured, and whether cases are numbered for ``@3``."""

    width: int
    colour: bool
    numbers: bool


Line = tuple[str, str]  # the text, and its style


def draw_board(summaries: Sequence[Summary], context: ListContext, style: BoardStyle) -> str:
    """Draw the board of every procedure in the list, in the order in which the list has the cases."""
    if not summaries:
        return localize_value(count_words(summaries)[0]) + "\n"
    references = {summary.case: f"@{number} " for number, summary in enumerate(summaries, 1)} if style.numbers else {}
    lines: list[str] = []
    for procedure in dict.fromkeys(summary.procedure for summary in summaries):
        lines += [paint(cut_to_width(context.procedure_title(procedure), style.width), "bold", style.colour)]
        cases = [summary for summary in summaries if summary.procedure == procedure]
        lines += _draw_procedure(procedure, cases, references, context, style)
    words = count_words(summaries)
    return "".join(f"{line.rstrip()}\n" for line in [*lines, *map(localize_value, words)])


def _draw_procedure(
    procedure: str,
    summaries: Sequence[Summary],
    references: dict[str, str],
    context: ListContext,
    style: BoardStyle,
) -> list[str]:
    """Draw the steps side by side, as many as fit, and the next ones below."""
    steps = _list_steps(procedure, {summary.step for summary in summaries}, context)
    fitting = max(1, (style.width + GAP) // (LEAST + GAP))
    lines: list[str] = []
    for start in range(0, len(steps), fitting):
        band = steps[start : start + fitting]
        width = (style.width - GAP * (min(fitting, len(steps)) - 1)) // min(fitting, len(steps))
        columns = []
        for step in band:
            cases = [summary for summary in summaries if summary.step == step]
            title = f"{context.titles(procedure, step)} ({len(cases)})"
            cards = [line for summary in cases for line in _draw_card(summary, references, context)]
            columns.append([(title, "bold"), ("─" * width, ""), *cards])
        lines += _join_columns(columns, width, style.colour)
    return lines


def _list_steps(procedure: str, steps: set[str], context: ListContext) -> list[str]:
    """List the steps where a case is, in the order of the flow; those that the procedure has no more come last."""
    declared = context.workspace.procedures.get(procedure)
    flow = [step for step in (declared.steps if declared else ()) if step in steps]
    return [*flow, *sorted(steps.difference(flow))]


def _draw_card(summary: Summary, references: dict[str, str], context: ListContext) -> list[Line]:
    procedure = context.workspace.procedures.get(summary.procedure)
    state = localize_value(state_words(summary, context.calendar, context.now, procedure))
    lines = [(f"{references.get(summary.case, '')}{summary.case}", ""), (summary.subject, "")]
    return [
        *(line for line in lines if line[0]),
        *([(state, "red" if summary.overdue else "dim")] if state else []),
        ("", ""),
    ]


def _join_columns(columns: Sequence[Sequence[Line]], width: int, colour: bool) -> list[str]:
    lines = []
    for index in range(max(map(len, columns))):
        cells = [column[index] if index < len(column) else ("", "") for column in columns]
        padded = ((pad_to_width(cut_to_width(text, width), width), style) for text, style in cells)
        lines.append((" " * GAP).join(paint(text, style, colour) for text, style in padded))
    return lines
