"""Names that are defined somewhere, and the finding for one that is not: closed world, did-you-mean, one typo once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import Any

from fujin_cli.core.findings.finding import Finding, Place, Related, Route
from fujin_cli.core.findings.fix import replaced
from fujin_cli.core.model.ids import NAME
from fujin_cli.core.model.workspace import File, Workspace
from fujin_cli.core.text.message import LocalizedText, say

MOST_LISTED = 12  # names that a help line lists before it stops
MOST_COMPARED = 400  # among more names than this guessing takes too long, and is worth little
REPORTED_SECTIONS = (
    "roles",
    "streets",
    "communities",
    "topics",
    "kinds",
)  # sections whose absence is a finding of its own


@dataclass(frozen=True, slots=True)
class DefinedNames:
    """
    The names that may be used: each with the place that defines it (None for a word of the language).

    ``also`` are names whose definition has a finding of its own. ``everything`` mutes: so much could not be read that
    nothing can be called unknown.
    """

    places: Mapping[str, Place | None]
    also: frozenset[str] = frozenset()
    everything: bool = False

    def __contains__(self, name: str) -> bool:
        return self.everything or name in self.places or name in self.also

    def __or__(self, other: DefinedNames) -> DefinedNames:
        return DefinedNames(
            {**self.places, **other.places}, self.also | other.also, self.everything or other.everything
        )

    def closest(self, name: str) -> str | None:
        """The known name that somebody who wrote ``name`` most likely meant."""
        names = [*self.places, *sorted(self.also)]
        return next(iter(get_close_matches(name, names, 1, 0.6)), None) if len(names) <= MOST_COMPARED else None


NO_NAMES = DefinedNames({})
ANY_NAME = DefinedNames({}, everything=True)


def language_words(*names: str) -> DefinedNames:
    """Names that the language itself knows."""
    return DefinedNames(dict.fromkeys(names))


def unknown_name(code: str, message: LocalizedText, place: Place, name: str, known: DefinedNames) -> Finding:
    """The finding for ``name``, which is not in ``known``: where it stands, what was likely meant, where that is."""
    close = known.closest(name)
    defined = known.places.get(close or "") or next((place for place in known.places.values() if place), None)
    related: tuple[Related, ...] = ()
    if defined is not None:
        said = say("{name} is defined here", name=close) if close else say("the names that can be used begin here")
        related = (Related(said, defined),)
    fix = replaced(say("replace {name} by {other}", name=name, other=close), place, name, close) if close else None
    return Finding(code, "error", message, place, _help(close, known), related, fix=fix)


def _help(close: str | None, known: DefinedNames) -> LocalizedText:
    if close:
        return say("did you mean {name}?", name=close)
    names = [*known.places, *sorted(known.also)]
    if not names:
        return say("nothing of this sort is defined yet; define it, or take this out")
    if len(names) > MOST_LISTED:
        return say(
            "use one of these: {names}, and {count} more", names=names[:MOST_LISTED], count=len(names) - MOST_LISTED
        )
    return say("use one of these: {names}", names=names)


@dataclass(frozen=True, slots=True)
class FileIndex:
    """The workspace's files by path and by kind, for rules that look up many names."""

    by_path: Mapping[str, File]
    by_kind: Mapping[str, tuple[File, ...]]
    unreadable: frozenset[str] = field(default_factory=frozenset)  # stems of files that do not say what they are

    def section(self, path: str, *route: str) -> DefinedNames:
        """The keys of the mapping at ``route`` of that file."""
        file = self.by_path.get(path)
        if file is None or file.tree is None or any(route[:end] in file.pruned for end in range(1, len(route) + 1)):
            return ANY_NAME
        found = value_at(file.tree, route)
        names = found if isinstance(found, Mapping) else {}
        also = {str(cut[-1]) for cut in file.pruned if cut[:-1] == route}
        return DefinedNames({name: Place(path, (*route, name), key=True) for name in names}, frozenset(also))

    def of_kind(self, kind: str, *route: str) -> DefinedNames:
        """The keys at ``route`` of the one file of that kind; everything is known where that file is missing."""
        files = self.by_kind.get(kind, ())
        if not files or (route[0] in REPORTED_SECTIONS and value_at(files[-1].tree, route) is None):
            return ANY_NAME
        return self.section(files[-1].path, *route)

    def named(self, kind: str) -> DefinedNames:
        """The names of the files of that kind; a file that cannot be read counts by the name it bears on disk."""
        places = {file.name: Place(file.path, (kind,)) for file in self.by_kind.get(kind, ()) if _named(file)}
        return DefinedNames(dict(places), self.unreadable)


def index_files(workspace: Workspace) -> FileIndex:
    """The workspace's files, indexed."""
    by_kind: dict[str, list[File]] = {}
    for file in workspace.files:
        by_kind.setdefault(file.kind, []).append(file)
    return FileIndex(
        {file.path: file for file in workspace.files},
        {kind: tuple(files) for kind, files in by_kind.items()},
        frozenset(PurePosixPath(file.path).stem for file in workspace.files if not _named(file)),
    )


def _named(file: File) -> bool:
    """Whether the file says what it is and what it is called; what is no id (FJ009) is no name."""
    return bool(file.kind and (file.kind == "partners" or NAME.fullmatch(file.name)))


def value_at(tree: Any, route: Route) -> Any:
    """What stands at ``route`` of a plain tree; None where nothing does."""
    for part in route:
        if isinstance(tree, dict):  # plain trees have no other mappings, and asking for any takes three times as long
            tree = tree.get(part)
        elif isinstance(tree, list) and isinstance(part, int) and part < len(tree):
            tree = tree[part]
        else:
            return None
    return tree
