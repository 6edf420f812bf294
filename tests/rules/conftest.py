"""Judge in English: tests compare the sentences of findings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fujin_cli import language


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = language.current_language()
    language.set_language("en")
    yield
    language.set_language(before)
