"""Write ``core/text/invisible.py``: ``python docs/unicode_ranges.py DerivedCoreProperties.txt``.

The data file is part of each version of the Unicode Character Database (https://www.unicode.org/Public/17.0.0/ucd/).
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "fujin_cli" / "core" / "text" / "invisible.py"
LINE = re.compile(r"([0-9A-F]+)(?:\.\.([0-9A-F]+))?\s*; Default_Ignorable_Code_Point ")
HEAD = '''"""List the characters that no font shows: the property Default_Ignorable_Code_Point of Unicode {version}.

Written by docs/unicode_ranges.py from {file}.
The ranges include code points that are reserved for invisible characters to come.
"""

DEFAULT_IGNORABLE = (
{ranges})
"""A part of a character class of regular expressions."""
'''


def read_ranges(text: str) -> list[tuple[int, int]]:
    """Read the ranges of the property, neighbours joined."""
    ranges: list[tuple[int, int]] = []
    for first, last in LINE.findall(text):
        begin, end = int(first, 16), int(last or first, 16)
        if ranges and ranges[-1][1] + 1 == begin:
            ranges[-1] = (ranges[-1][0], end)
        else:
            ranges.append((begin, end))
    return ranges


def write_module(text: str) -> str:
    """Write the module from the text of the data file."""
    file = text.partition("\n")[0].removeprefix("# ").strip()
    version = re.search(r"-([0-9.]+)\.txt", file)
    lines = "".join(
        f'    "{_escape(begin)}{"-" + _escape(end) if end > begin else ""}"\n' for begin, end in read_ranges(text)
    )
    return HEAD.format(version=version[1] if version else "?", file=file, ranges=lines)


def _escape(code: int) -> str:
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


if __name__ == "__main__":
    TARGET.write_text(write_module(Path(sys.argv[1]).read_text("utf-8")), "utf-8")
