"""Write tables: as TSV for programs, uncut; on a terminal within its width, with wide characters aligned."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from io import StringIO
from typing import TYPE_CHECKING

from fujin_cli.core.text.localized import LocalizedText, localize_value, say, to_program_text
from fujin_cli.render.basics.text import (
    cut_to_width,
    display_width,
    fold_text,
    paint,
    split_words,
    to_one_line,
    without_isolates,
)

if TYPE_CHECKING:
    from rich.text import Text

GAP = 2  # columns of space between two columns of a table
LONGEST = 20  # columns of a word that is kept whole
LEAST_CUT = 24  # a column that is cut is not made narrower than this while another one can be left out
LEAST = 10  # a column that folds is not made narrower than this while another one can be left out


@dataclass(frozen=True, slots=True)
class Cell:
    """Hold a cell with different texts for programs (``plain``) and for terminals, where it may have a ``style``."""

    shown: object
    style: str = ""
    plain: object = None


@dataclass(frozen=True, slots=True)
class Column:
    """
    A column. ``whole`` ones are folded last. On a narrow terminal those with the highest ``drop`` are left out first;
    0 is never left out. A style never says anything that the cell's text does not say. ``for_people`` columns hold
    sentences, which TSV does not have; ``for_programs`` ones are in TSV alone. A ``cut``
    column takes the width that the others leave, on one line.
    """

    title: object
    right: bool = False
    style: str = ""
    drop: int = 0
    whole: bool = False
    for_people: bool = False
    for_programs: bool = False
    cut: bool = False


@dataclass
class Table:
    """Hold a table. ``empty`` stands for no rows, ``footer`` is a row of totals, ``note`` a line below (or several)."""

    title: object
    columns: list[Column]
    rows: list[list[object]]
    empty: object = None
    footer: list[object] | None = None
    note: object = None


def number_rows(table: Table) -> Table:
    """Add a first column with the reference by which the next command can name the case of a row: @1, @2 …"""
    rows: list[list[object]] = [[f"@{number}", *row] for number, row in enumerate(table.rows, 1)]
    footer = [None, *table.footer] if table.footer else None
    return replace(table, columns=[Column(say("row"), whole=True), *table.columns], rows=rows, footer=footer)


def format_table(table: Table, terminal: bool, width: int, colour: bool) -> str:
    """Write the table: drawn ``width`` columns wide on a terminal, TSV elsewhere."""
    return format_for_terminal(table, width, colour) if terminal else format_tsv(table)


def format_tsv(table: Table) -> str:
    """Write a header line and a line a row, no totals or notes; tabs and line ends inside cells become spaces.

    The bytes are the same in every language of the screens, so that a script need not set one.
    """
    columns = [index for index, column in enumerate(table.columns) if not column.for_people]
    header: list[object] = [column.title for column in table.columns]
    lines = ([_cell_plain_text(row[index]) for index in columns] for row in [header, *table.rows])
    return "".join("\t".join(line) + "\n" for line in lines)


def _cell_plain_text(cell: object) -> str:
    """Write a cell for programs: its plain value, or else what it shows, sentences in English."""
    if isinstance(cell, Cell):
        cell = cell.shown if cell.plain is None else cell.plain
    return "" if cell is None else without_isolates(to_one_line(to_program_text(cell)))


def _cell_text(value: object) -> str:
    if isinstance(value, Cell):
        return _cell_text(value.shown)
    return "" if value is None else to_one_line(localize_value(value))


def format_for_terminal(table: Table, width: int, colour: bool) -> str:
    """Draw the table at most ``width`` columns wide: title, rows, which columns are left out, note."""
    lines = [paint(line, "bold", colour) for line in _fold_cell_text(table.title, width)]
    if table.rows:
        plan = _ColumnPlan.of(table, width)
        lines += _draw_grid(table, plan, colour)
        lines += _fold_cell_text(plan.describe_left_out(table), width)
    else:
        lines += _fold_cell_text(table.empty, width)
    notes = table.note if isinstance(table.note, list) else [table.note]
    return "".join(f"{line}\n" for line in [*lines, *(line for note in notes for line in _fold_cell_text(note, width))])


def _fold_cell_text(value: object, width: int) -> list[str]:
    return fold_text(_cell_text(value), width) if value else []


@dataclass
class _ColumnPlan:
    """Hold which columns fit, and how wide each is."""

    visible: list[int]
    widths: list[int] = field(default_factory=list)

    @staticmethod
    def of(table: Table, width: int) -> _ColumnPlan:
        natural = [_measure_natural_width(table, index) for index in range(len(table.columns))]
        least = [_measure_least_width(table, index, size) for index, size in enumerate(natural)]
        visible = _choose_visible_columns(table, natural, least, width)
        folding = {place for place, index in enumerate(visible) if not table.columns[index].whole}
        least_widths, natural_widths = [least[index] for index in visible], [natural[index] for index in visible]
        last = {place for place, index in enumerate(visible) if table.columns[index].cut}
        widths = _share_width(least_widths, natural_widths, width, folding, last)
        return _ColumnPlan(visible, widths)

    def describe_left_out(self, table: Table) -> LocalizedText | None:
        """Say which columns are not shown."""
        hidden = (column for index, column in enumerate(table.columns) if index not in self.visible)
        names = [column.title for column in hidden if not column.for_programs]
        return say("hidden, because the window is too narrow: {columns}", columns=names) if names else None


def _choose_visible_columns(table: Table, natural: list[int], least: list[int], width: int) -> list[int]:
    """Choose the columns that fit; beside a ``cut`` column the others are not folded while one can be left out."""
    if any(column.cut for column in table.columns):
        least = [
            size if column.cut else max(size, min(size_unfolded, LONGEST))
            for size, size_unfolded, column in zip(least, natural, table.columns, strict=True)
        ]
    visible = [index for index, column in enumerate(table.columns) if not column.for_programs]
    while _total_width([least[index] for index in visible]) > width:
        droppable = [index for index in visible if table.columns[index].drop]
        if not droppable:
            break
        visible.remove(max(droppable, key=lambda index: (table.columns[index].drop, index)))
    return visible


def _measure_natural_width(table: Table, index: int) -> int:
    from rich.cells import cell_len

    cells = [table.columns[index].title, *(row[index] for row in table.rows)]
    if table.footer:
        cells.append(table.footer[index])
    return max(1, *(cell_len(_cell_text(cell)) for cell in cells))


def _measure_least_width(table: Table, index: int, natural: int) -> int:
    column = table.columns[index]
    if column.whole:
        return natural
    return min(natural, LEAST_CUT if column.cut else max(LEAST, _measure_longest_word(table, index)))


def _measure_longest_word(table: Table, index: int) -> int:
    """Measure the widest word of a column (mostly ids), up to LONGEST columns: such words are not broken."""
    cells = [table.columns[index].title, *(row[index] for row in table.rows)]
    return max(
        (size for cell in cells for size in map(display_width, split_words(_cell_text(cell))) if size <= LONGEST),
        default=1,
    )


def _total_width(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)


def _share_width(
    least: list[int], natural: list[int], width: int, folding: set[int], last: AbstractSet[int] = frozenset()
) -> list[int]:
    """Share ``width`` among the columns: each grows to its natural width; where there is no room, the widest shrink.

    Of those that shrink, the ``folding`` ones come first, down to LEAST;
    the ``last`` ones grow when all others have.
    """
    widths = list(least)
    while _total_width(widths) > width and max(widths) > 2:
        wide = [index for index in folding if widths[index] > LEAST] or range(len(widths))
        widths[max(wide, key=lambda index: (widths[index], -index))] -= 1
    while _total_width(widths) < width:
        wanting = [index for index, size in enumerate(widths) if size < natural[index]]
        if not wanting:
            break
        widths[min(wanting, key=lambda index: (index in last, widths[index]))] += 1
    return widths


def _draw_grid(table: Table, plan: _ColumnPlan, colour: bool) -> list[str]:
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
    for index, width in zip(plan.visible, plan.widths, strict=True):
        column = table.columns[index]
        grid.add_column(
            _to_rich_text(column.title),
            _to_rich_text(table.footer[index] if table.footer else ""),
            justify="right" if column.right else "left",
            style=column.style,
            width=width,
            overflow="fold",
        )
    for row in table.rows:
        cells = zip(plan.visible, plan.widths, strict=True)
        grid.add_row(*(_to_rich_text(row[index], width, table.columns[index].cut) for index, width in cells))
    # Height is given too: with the width alone, rich takes TERM=dumb for 80 columns.
    console = Console(
        file=StringIO(),
        width=max(1, _total_width(plan.widths)),
        height=100,
        color_system="standard" if colour else None,
        force_terminal=colour,
        no_color=not colour,
        legacy_windows=False,
    )
    with console.capture() as capture:
        console.print(grid)
    return capture.get().splitlines()


def _to_rich_text(cell: object, width: int = 0, cut: bool = False) -> Text:
    """Convert a cell to rich text, folded here: Chinese punctuation never begins a line, and words stay whole."""
    from rich.text import Text

    text = _cell_text(cell)
    lines = [cut_to_width(text, width)] if cut and width else fold_text(text, width)
    return Text("\n".join(lines), style=cell.style if isinstance(cell, Cell) else "")
