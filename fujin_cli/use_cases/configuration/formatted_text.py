"""Format the changed text of a file where the file was formatted before."""

from __future__ import annotations

from fujin_cli.use_cases.format_files import LayoutFault, format_file


def format_as_before(old: bytes, path: str, text: str) -> str:
    """Return the text as ``fujin fmt`` writes it if that would not have changed the old content."""
    try:
        return text if format_file(old, path).changed else format_file(text.encode(), path).formatted
    except LayoutFault:
        return text
