"""Compare who may do the same thing in two versions: who lost it, and who gained it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fujin_cli.core.model.procedure import Person, Procedure
from fujin_cli.core.versions.renames import Renames


class ActorChanges:
    """Compare the people of two versions. Names taken and returned are those of the version they belong to."""

    def __init__(self, old: Procedure, new: Procedure, renames: Renames) -> None:
        self._new_names = renames.people
        self._old_names = {new_name: old_name for old_name, new_name in renames.people.items()}
        names = renames.merge_names()
        self._narrower: set[str] = set()  # old names of people who are fewer now, or have to prove more
        self._wider: set[str] = set()
        for name, person in old.people.items():
            successor = new.people.get(self._new_names.get(name, name))
            if successor is not None:
                narrower, wider = _compare_identities(_identity_of(person, names), _identity_of(successor, {}))
                self._narrower |= {name} if narrower else set()
                self._wider |= {name} if wider else set()

    def find_lost_actors(self, old: Iterable[str], new: Iterable[str]) -> tuple[str, ...]:
        """List those of ``old`` of whom all or some may act no longer; in the old version's names."""
        names = set(new)
        return tuple(name for name in old if self._new_names.get(name, name) not in names or name in self._narrower)

    def find_gained_actors(self, old: Iterable[str], new: Iterable[str]) -> tuple[str, ...]:
        """List those of ``new`` of whom all or some could not act before; in the new version's names."""
        names = set(old)
        old_names = {name: self._old_names.get(name, name) for name in new}
        return tuple(name for name, was in old_names.items() if was not in names or was in self._wider)


@dataclass(frozen=True, slots=True)
class _Identity:
    """What decides who a person is, in the new version's names."""

    description: object
    proof: str | None
    barred: frozenset[object]
    through: frozenset[str]


def _identity_of(person: Person, names: Mapping[str, str]) -> _Identity:
    groups = tuple(_identity_of(part, names) for part in person.groups)
    return _Identity(
        (person.kind, names.get(person.value, person.value), names.get(person.of or "", person.of), groups),
        person.proof,
        frozenset(_identity_of(excluded, names).description for excluded in person.excluded),
        frozenset(names.get(name, name) for name in person.through),
    )


def _compare_identities(old: _Identity, new: _Identity) -> tuple[bool, bool]:
    """Whether fewer people may act than before (or have to prove more), and whether more may."""
    if old.description != new.description:
        return True, True
    proof_changed = old.proof != new.proof
    fewer = (proof_changed and new.proof is not None) or new.barred - old.barred or old.through - new.through
    more = (proof_changed and old.proof is not None) or old.barred - new.barred or new.through - old.through
    return bool(fewer), bool(more)
