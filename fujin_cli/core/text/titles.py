"""Find ids by titles: people type the name of a partner or a community where a file has its id."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from difflib import SequenceMatcher

from fujin_cli.core.text.half_width import to_half_width
from fujin_cli.core.text.localized import LocalizedText, Title, say, title_of

Titles = Mapping[str, Title | str | None]  # id → title
_SHORTEST_BEGINNING = 2  # characters of a title that may stand for all of it
_LEAST_LIKENESS = 0.6  # difflib's ratio, as get_close_matches takes it
_LEAST_LIKENESS_OF_CHINESE = 0.55  # titles are short there, so that one character weighs much
_MARGIN = 0.1  # what resembles a text so much less than the nearest is no help


def find_ids_by_title(text: str, titles: Titles, *, whole: bool = False) -> list[str]:
    """Find the ids with that title in any language, else those whose title begins so, unless it must be ``whole``.

    ``一栋楼`` stands for ``一栋楼或一个单元``, where no other title begins with it. Upper and lower case, full and half
    width, and blanks make no difference.
    """
    folded = _fold_title(text)
    exact = [id for id, title in titles.items() if folded in _fold_titles(title)]
    if exact or whole or len(folded) < _SHORTEST_BEGINNING:
        return exact
    return [id for id, title in titles.items() if any(words.startswith(folded) for words in _fold_titles(title))]


def find_nearest_ids(text: str, titles: Titles, most: int = 3) -> list[str]:
    """Find the ids that resemble a text most, or whose titles do, the nearest first."""
    folded = _fold_title(text)
    likeness = {id: _measure_likeness(folded, id, title) for id, title in titles.items()}
    least = max(likeness.values(), default=0.0) - _MARGIN
    near = [id for id in titles if likeness[id] > 0 and likeness[id] >= least]
    return sorted(near, key=lambda id: -likeness[id])[:most]


def _measure_likeness(folded: str, id: str, title: Title | str | None) -> float:
    """Measure how much a text resembles an id or its titles; 0 for no resemblance worth a word."""
    least = _LEAST_LIKENESS if folded.isascii() else _LEAST_LIKENESS_OF_CHINESE
    ratios = [SequenceMatcher(None, folded, words).ratio() for words in (_fold_title(id), *_fold_titles(title))]
    return max(ratios) if max(ratios) >= least else 0.0


def titles_of(things: Collection[str]) -> Titles:
    """Take the titles of units and procedures, or of specs as their files have them; plain ids have none."""
    if not isinstance(things, Mapping):
        return dict.fromkeys(things)
    return {
        id: thing.get("title") if isinstance(thing, Mapping) else getattr(thing, "title", None)
        for id, thing in things.items()
    }


def label_ids(ids: Iterable[str], titles: Titles) -> list[LocalizedText | str]:
    """Write ids with their titles: ``Police Department (police)``; an id alone where it has no title of its own."""
    named = [(id, title_of(titles[id])) for id in ids]
    return [say("{title} ({id})", title=title, id=id) if title not in ("", id) else id for id, title in named]


def _fold_titles(title: Title | str | None) -> list[str]:
    texts = title.values() if isinstance(title, Mapping) else [title or ""]
    return [_fold_title(text) for text in texts if text]


def _fold_title(text: str) -> str:
    return "".join(to_half_width(text).casefold().split())
