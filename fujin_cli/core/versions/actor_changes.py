"""Who may do the same thing in two versions: who may do it no longer, and who may do it now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fujin_cli.core.model.procedure import Person, Procedure
from fujin_cli.core.versions.renames import Renames


class Who:
    """The people of two versions. Names given and returned are those of the version they belong to."""

    def __init__(self, old: Procedure, new: Procedure, renames: Renames) -> None:
        self._names = renames.people
        self._back = {there: here for here, there in renames.people.items()}
        named = renames.every()
        pairs = {name: new.people.get(self._names.get(name, name)) for name in old.people}
        self._narrower: set[str] = set()  # old names of those who are fewer now, or have to prove more
        self._wider: set[str] = set()
        for name, other in pairs.items():
            if other is not None:
                fewer, more = _changed(_meant(old.people[name], named), _meant(other, {}))
                self._narrower |= {name} if fewer else set()
                self._wider |= {name} if more else set()

    def fewer(self, old: Iterable[str], new: Iterable[str]) -> tuple[str, ...]:
        """Those of ``old`` who may do it no longer, all or some of them; in the old version's names."""
        kept = set(new)
        return tuple(name for name in old if self._names.get(name, name) not in kept or name in self._narrower)

    def more(self, old: Iterable[str], new: Iterable[str]) -> tuple[str, ...]:
        """Those of ``new`` who could not do it before, all or some of them; in the new version's names."""
        had = set(old)
        back = {name: self._back.get(name, name) for name in new}
        return tuple(name for name, was in back.items() if was not in had or was in self._wider)


@dataclass(frozen=True, slots=True)
class _Meant:
    """What decides who somebody is, in the new version's names."""

    who: object
    proof: str | None
    barred: frozenset[object]
    through: frozenset[str]


def _meant(person: Person, named: Mapping[str, str]) -> _Meant:
    groups = tuple(_meant(part, named) for part in person.groups)
    return _Meant(
        (person.kind, named.get(person.value, person.value), named.get(person.of or "", person.of), groups),
        person.proof,
        frozenset(_meant(other, named).who for other in person.excluded),
        frozenset(named.get(name, name) for name in person.through),
    )


def _changed(old: _Meant, new: _Meant) -> tuple[bool, bool]:
    """Whether fewer may act than before (or have to prove more), and whether more may."""
    if old.who != new.who:
        return True, True
    proved = old.proof != new.proof
    fewer = (proved and new.proof is not None) or new.barred - old.barred or old.through - new.through
    more = (proved and old.proof is not None) or old.barred - new.barred or new.through - old.through
    return bool(fewer), bool(more)
