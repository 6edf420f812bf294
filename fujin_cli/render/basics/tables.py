"""Tables: TSV for programs, uncut; and for a terminal drawn within its width, wide characters aligned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import TYPE_CHECKING

from fujin_cli.core.text.message import LocalizedText, say, spoken
from fujin_cli.render.basics.text import display_width, fold, one_line, paint, words

if TYPE_CHECKING:
    from rich.text import Text

GAP = 2  # columns of space between two columns of a table
LONGEST = 20  # columns of a word that is kept whole
LEAST = 10  # a column that folds is not made narrower than this while another one can be left out


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that reads differently in a program (``plain``) and on a terminal, where it may have a ``style``."""

    shown: object
    style: str = ""
    plain: object = None


@dataclass(frozen=True, slots=True)
class Column:
    """
    A column. ``whole`` ones are folded last. On a narrow terminal those with the highest ``drop`` are left out first;
    0 is never left out. A style never says anything that the cell's text does not say.
    """

    title: object
    right: bool = False
    style: str = ""
    drop: int = 0
    whole: bool = False


@dataclass
class Table:
    """What to show. ``empty`` is said of no rows, ``footer`` is a row of totals, ``note`` a line below (or a list)."""

    title: object
    columns: list[Column]
    rows: list[list[object]]
    empty: object = None
    footer: list[object] | None = None
    note: object = None


def show(table: Table, terminal: bool, width: int, colour: bool) -> str:
    """The table for where it goes: drawn on a terminal ``width`` columns wide, TSV elsewhere."""
    return to_terminal(table, width, colour) if terminal else to_tsv(table)


def to_tsv(table: Table) -> str:
    """A header line and a line for each row; tabs and line ends inside a cell become spaces. No totals, no notes."""
    header = [_text(column.title) for column in table.columns]
    lines = [header, *([_plain(cell) for cell in row] for row in table.rows)]
    return "".join("\t".join(line) + "\n" for line in lines)


def _plain(cell: object) -> str:
    if isinstance(cell, Cell):
        return _text(cell.shown if cell.plain is None else cell.plain)
    return _text(cell)


def _text(value: object) -> str:
    if isinstance(value, Cell):
        return _text(value.shown)
    return "" if value is None else one_line(spoken(value))


def to_terminal(table: Table, width: int, colour: bool) -> str:
    """The table drawn at most ``width`` columns wide: its title, its rows, what was left out, its note."""
    lines = [paint(line, "bold", colour) for line in _sentence(table.title, width)]
    if table.rows:
        plan = _Plan.of(table, width)
        lines += _drawn(table, plan, colour)
        lines += _sentence(plan.left_out(table), width)
    else:
        lines += _sentence(table.empty, width)
    notes = table.note if isinstance(table.note, list) else [table.note]
    return "".join(f"{line}\n" for line in [*lines, *(line for note in notes for line in _sentence(note, width))])


def _sentence(value: object, width: int) -> list[str]:
    return fold(_text(value), width) if value else []


@dataclass
class _Plan:
    """Which columns fit, and how wide each is."""

    shown: list[int]
    widths: list[int] = field(default_factory=list)

    @staticmethod
    def of(table: Table, width: int) -> _Plan:
        natural = [_natural(table, index) for index in range(len(table.columns))]
        least = [
            size if column.whole else min(size, max(LEAST, _longest_word(table, index)))
            for index, (size, column) in enumerate(zip(natural, table.columns, strict=True))
        ]
        shown = list(range(len(table.columns)))
        while _total([least[index] for index in shown]) > width:
            droppable = [index for index in shown if table.columns[index].drop]
            if not droppable:
                break
            shown.remove(max(droppable, key=lambda index: (table.columns[index].drop, index)))
        folding = {place for place, index in enumerate(shown) if not table.columns[index].whole}
        widths = _shared([least[index] for index in shown], [natural[index] for index in shown], width, folding)
        return _Plan(shown, widths)

    def left_out(self, table: Table) -> LocalizedText | None:
        """What the reader has to know who sees fewer columns than there are."""
        names = [table.columns[index].title for index in range(len(table.columns)) if index not in self.shown]
        return say("hidden, because the window is too narrow: {columns}", columns=names) if names else None


def _natural(table: Table, index: int) -> int:
    from rich.cells import cell_len

    cells = [table.columns[index].title, *(row[index] for row in table.rows)]
    if table.footer:
        cells.append(table.footer[index])
    return max(1, *(cell_len(_text(cell)) for cell in cells))


def _longest_word(table: Table, index: int) -> int:
    """How wide the widest word of a column is (ids, mostly): up to LONGEST columns, it is not broken."""
    cells = [table.columns[index].title, *(row[index] for row in table.rows)]
    return max(
        (size for cell in cells for size in map(display_width, words(_text(cell))) if size <= LONGEST), default=1
    )


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)


def _shared(least: list[int], natural: list[int], width: int, folding: set[int]) -> list[int]:
    """Widths that use ``width``: each column grows to what it wants, or where there is no room the widest shrink.

    Of those that shrink, the ``folding`` ones come first, down to LEAST.
    """
    widths = list(least)
    while _total(widths) > width and max(widths) > 2:
        wide = [index for index in folding if widths[index] > LEAST] or range(len(widths))
        widths[max(wide, key=lambda index: (widths[index], -index))] -= 1
    while _total(widths) < width:
        wanting = [index for index, size in enumerate(widths) if size < natural[index]]
        if not wanting:
            break
        widths[min(wanting, key=lambda index: widths[index])] += 1
    return widths


def _drawn(table: Table, plan: _Plan, colour: bool) -> list[str]:
    from rich import box
    from rich.console import Console
    from rich.table import Table as Grid

    grid = Grid(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        show_footer=table.footer is not None,
        header_style="bold",
        footer_style="bold",
    )
    for index, width in zip(plan.shown, plan.widths, strict=True):
        column = table.columns[index]
        grid.add_column(
            _rich(column.title),
            _rich(table.footer[index] if table.footer else ""),
            justify="right" if column.right else "left",
            style=column.style,
            width=width,
            overflow="fold",
        )
    for row in table.rows:
        cells = zip(plan.shown, plan.widths, strict=True)
        grid.add_row(*(_rich(row[index], width) for index, width in cells))
    # Height is given too: with the width alone, rich takes TERM=dumb for 80 columns.
    console = Console(
        file=StringIO(),
        width=max(1, _total(plan.widths)),
        height=100,
        color_system="standard" if colour else None,
        force_terminal=colour,
        no_color=not colour,
        legacy_windows=False,
    )
    with console.capture() as capture:
        console.print(grid)
    return capture.get().splitlines()


def _rich(cell: object, width: int = 0) -> Text:
    """A cell, folded by us where it has to be: Chinese punctuation never begins a line, and words stay whole."""
    from rich.text import Text

    return Text("\n".join(fold(_text(cell), width)), style=cell.style if isinstance(cell, Cell) else "")
