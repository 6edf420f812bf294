from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for the module that the tests of this folder share
from fujin_cli import language
from tests.support.town_hall import Hall


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = language.current_language()
    language.set_language("en")
    yield
    language.set_language(before)


@pytest.fixture
def hall() -> Hall:
    """A town hall with an empty ledger, Monday morning."""
    return Hall()
