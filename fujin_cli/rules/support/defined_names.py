"""Hold the names that may be used at a place, and build the finding for one that is not among them.

The world is closed: a name that nothing defines is an error, with a "did you mean", and each typo is one finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from fujin_cli.core.findings.finding import Finding, Place, Related
from fujin_cli.core.findings.fix import make_replacement
from fujin_cli.core.text.localized import LocalizedText, say

MOST_LISTED = 12  # names that a help line lists before it stops
MOST_COMPARED = 400  # among more names a comparison takes too long, and its result is rarely right


@dataclass(frozen=True, slots=True)
class DefinedNames:
    """Hold names that may be used, each with the place that defines it (None for a word of the language).

    ``faulty`` are names whose definition has a finding of its own: they count as defined. ``incomplete`` means that a
    file or a section could not be read, so every name counts as defined.
    """

    places: Mapping[str, Place | None]
    faulty: frozenset[str] = frozenset()
    incomplete: bool = False
    home: Place | None = None  # where a new one is declared: a section of a file, or a folder of files of one kind

    def __contains__(self, name: str) -> bool:
        return self.incomplete or name in self.places or name in self.faulty

    def __or__(self, other: DefinedNames) -> DefinedNames:
        return DefinedNames(
            {**self.places, **other.places},
            self.faulty | other.faulty,
            self.incomplete or other.incomplete,
            self.home or other.home,
        )

    def closest(self, name: str) -> str | None:
        """Find the defined name that is most similar to ``name``: the likely meaning of a typo."""
        names = [*self.places, *sorted(self.faulty)]
        return next(iter(get_close_matches(name, names, 1, 0.6)), None) if len(names) <= MOST_COMPARED else None


# Section of a file, or kind of file → the command that adds to it.
_COMMANDS = {
    "communities": "fujin community new",
    "partners": "fujin partner new",
    "committee": "fujin committee new",
    "procedure": "fujin procedure new",
    "members": "fujin roster add",
}
NO_NAMES = DefinedNames({})
ANY_NAME = DefinedNames({}, incomplete=True)


def language_words(*names: str) -> DefinedNames:
    """Hold words of the language itself, such as ``any end``: no place defines them."""
    return DefinedNames(dict.fromkeys(names))


def unknown_name(code: str, message: LocalizedText, place: Place, name: str, names: DefinedNames) -> Finding:
    """Build the finding for a name that is not among ``names``, with the most similar one and where that is defined."""
    close = names.closest(name)
    definition = names.places.get(close or "") or next((place for place in names.places.values() if place), None)
    related: tuple[Related, ...] = ()
    if definition is not None:
        label = say("{name} is defined here", name=close) if close else say("the defined names begin here")
        related = (Related(label, definition),)
    fix = (
        make_replacement(say("replace {name} by {other}", name=name, other=close), place, name, close)
        if close
        else None
    )
    return Finding(code, "error", message, place, _advise(close, names), related, fix=fix)


def _advise(close: str | None, defined: DefinedNames) -> LocalizedText:
    if close:
        return say("did you mean {name}?", name=close)
    names = [*defined.places, *sorted(defined.faulty)]
    home = _describe_home(defined.home) if defined.home else None
    if not names:
        return (
            say("none is defined yet; {declare}, or remove this", declare=home)
            if home
            else say("none is defined yet; define it, or remove this")
        )
    if len(names) > MOST_LISTED:
        count = len(names) - MOST_LISTED
        advice = say("use one of these: {names}, and {count} more", names=names[:MOST_LISTED], count=count)
    else:
        advice = say("use one of these: {names}", names=names)
    return say("{advice}; or {declare}", advice=advice, declare=home) if home else advice


def _describe_home(home: Place) -> LocalizedText:
    """Say in which file a new name is declared, and the command that does it, where there is one."""
    section = ".".join(map(str, home.route))
    command = _COMMANDS.get(section)
    if command is not None:
        return say("add a new one to {path} with `{command}`", path=home.path, command=command)
    return say("declare a new one under {section} in {path}", section=section, path=home.path)
