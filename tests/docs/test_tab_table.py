"""The table that TAB reads in place of the commands: it knows every command, and is made anew with them."""

from __future__ import annotations

import subprocess
import sys

import generate

from fujin_cli.commands.common.tab_words import TABLE


def test_the_table_is_that_of_the_commands() -> None:
    script = str(generate.DOCS / "tab_table.py")
    made = subprocess.run([sys.executable, script], text=True, capture_output=True, check=True).stdout
    assert TABLE.read_text("utf-8") == made, "run `make docs`"
