from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from fujin_cli.core.text.localized import say
from fujin_cli.render.basics.tables import Cell, Column, Table, format_for_terminal, format_table, format_tsv

TEXT = st.text(alphabet="abc XYZ-09路灯不亮，。（", max_size=40)
ANYTHING = st.text(max_size=40)


def sample() -> Table:
    return Table(
        title=say("Cases"),
        columns=[
            Column("case", whole=True),
            Column("procedure", drop=2),
            Column("step"),
            Column("due", drop=1, whole=True),
            Column("n", right=True),
        ],
        rows=[
            ["XF01-202611a-0042", "Resident request", "首诉人实地验收", "2026-06-12 17:00", 7],
            ["XF01-202611a-0043", "Work order", Cell("Sent", "red", plain="sent"), None, 12],
        ],
        footer=[say("total"), None, None, None, 19],
        note="times are Asia/Shanghai, +08:00",
    )


def test_tsv_is_uncut_and_has_no_totals() -> None:
    assert format_tsv(sample()) == (
        "case\tprocedure\tstep\tdue\tn\n"
        "XF01-202611a-0042\tResident request\t首诉人实地验收\t2026-06-12 17:00\t7\n"
        "XF01-202611a-0043\tWork order\tsent\t\t12\n"
    )


def test_at_80_columns() -> None:
    lines = format_for_terminal(sample(), 80, False).splitlines()
    assert lines == [
        "Cases",
        "case               procedure         step            due                n",
        "─" * 73,
        "XF01-202611a-0042  Resident request  首诉人实地验收  2026-06-12 17:00   7",
        "XF01-202611a-0043  Work order        Sent                              12",
        " " * 73,
        "total                                                                  19",
        "times are Asia/Shanghai, +08:00",
    ]


def test_at_60_columns_the_least_important_column_goes_and_says_so() -> None:
    lines = format_for_terminal(sample(), 60, False).splitlines()
    assert lines == [
        "Cases",
        "case               step            due                n",
        "─" * 55,
        "XF01-202611a-0042  首诉人实地验收  2026-06-12 17:00   7",
        "XF01-202611a-0043  Sent                              12",
        " " * 55,
        "total                                                19",
        "hidden, because the window is too narrow: procedure",
        "times are Asia/Shanghai, +08:00",
    ]


def test_a_very_narrow_window_folds_and_keeps_every_character() -> None:
    text = format_for_terminal(sample(), 24, False)
    rows = [line for line in text.splitlines() if "首" in line or "人" in line or "验" in line]
    assert "".join(re.findall("[首诉人实地验收]", "".join(rows))) == "首诉人实地验收"
    assert all(cell_len(line) <= 24 for line in text.splitlines())


def test_no_rows_is_a_sentence_on_a_terminal_and_a_header_in_a_pipe() -> None:
    empty = Table("Cases", [Column("case")], [], empty=say("No cases found."))
    assert format_table(empty, True, 80, False) == "Cases\nNo cases found.\n"
    assert format_table(empty, False, 80, False) == "case\n"


def test_colour_only_adds_to_what_is_said() -> None:
    coloured = format_for_terminal(sample(), 80, True)
    assert "\x1b[31mSent" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == format_for_terminal(sample(), 80, False)


@pytest.mark.parametrize("variable", [{"TERM": "dumb"}, {"NO_COLOR": "1"}, {"COLUMNS": "40"}])
def test_the_environment_changes_nothing(variable: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    before = format_for_terminal(sample(), 120, True)
    for name, value in variable.items():
        monkeypatch.setenv(name, value)
    assert format_for_terminal(sample(), 120, True) == before


@pytest.mark.slow
@given(
    st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=6),
    st.sampled_from([60, 80, 120]),
    st.booleans(),
)
def test_every_line_of_the_grid_has_the_same_width(rows: list[tuple[str, str, str]], width: int, right: bool) -> None:
    columns = [Column("编号"), Column("step", drop=1), Column("text", right=right)]
    lines = format_for_terminal(Table("", columns, [list(row) for row in rows]), width, False).splitlines()
    widths = {cell_len(line) for line in lines if not line.startswith("not shown")}
    assert len(widths) == 1 and widths.pop() <= width


@given(st.lists(st.tuples(ANYTHING, ANYTHING), max_size=6))
def test_tsv_comes_back_with_as_many_rows_and_cells(rows: list[tuple[str, str]]) -> None:
    text = format_tsv(Table("", [Column("a"), Column("b")], [list(row) for row in rows]))
    lines = text.split("\n")
    assert lines[-1] == "" and len(lines) == len(rows) + 2
    assert len(text.splitlines()) == len(rows) + 1
    for row, line in zip(rows, lines[1:], strict=False):
        cells = line.split("\t")
        assert len(cells) == 2
        for cell, given_text in zip(cells, row, strict=True):
            if given_text.isprintable():
                assert cell == given_text


def test_a_piped_table_does_not_load_rich() -> None:
    code = (
        "import sys; from fujin_cli.render.basics.tables import Column, Table, format_table; "
        "import fujin_cli.render.cases.case_page;"
        "format_table(Table('', [Column('a')], [['b']]), False, 80, False); print('rich' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
