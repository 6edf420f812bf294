"""Find the versions in a comparison whose cases can always end, from the explorations that the comparison made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fujin_cli.core.explore.call_graph import build_call_graph, list_reachable_procedures
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.verify.deadlocks import can_always_end
from fujin_cli.core.versions.compare import Comparison, ProcedureDifference


@dataclass(slots=True)
class SoundVersions:
    """Answer, by digest, whether cases of a version can always end with the child procedures of the new workspace."""

    comparison: Comparison
    old: Mapping[str, Procedure]
    new: Mapping[str, Procedure]
    _answers: dict[str, bool] = field(default_factory=dict)

    def is_sound(self, digest: str) -> bool:
        """Whether it is certain of that version; False for one that the comparison did not explore."""
        if digest not in self._answers:
            explorations = [own for difference in self.comparison.procedures for own in self._of(difference, digest)]
            distinct = {id(exploration.edges): exploration for exploration in explorations}
            self._answers[digest] = bool(distinct) and all(map(can_always_end, distinct.values()))
        return self._answers[digest]

    def _of(self, difference: ProcedureDifference, digest: str) -> list[Exploration]:
        behaviour = difference.behaviour
        if behaviour is None:
            return []
        if difference.new is not None and difference.new.digest == digest:
            return [*behaviour.new_explorations]
        if difference.old is not None and difference.old.digest == digest and self._has_same_children(difference.name):
            return [*behaviour.old_explorations]
        return []

    def _has_same_children(self, name: str) -> bool:
        """Whether all that the old version opens, directly or not, is the same in the new workspace."""
        children = list_reachable_procedures(build_call_graph(self.old), name)[1:]
        return all(child in self.new and self.new[child].digest == self.old[child].digest for child in children)
