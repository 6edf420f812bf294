"""Read migration files: where cases go whose history the new version does not allow, who approved it, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.workspace import File


@dataclass(frozen=True, slots=True)
class Migration:
    """One file. ``old`` and ``new`` are beginnings of digests; an empty ``new`` is the version of this workspace.

    ``steps`` are old step → new step. ``keeps_deadline``: the deadline stays as it is, else the time begins anew.
    """

    name: str
    procedure: str
    old: str
    new: str
    steps: Mapping[str, str] = field(default_factory=dict)
    keeps_deadline: bool = True
    reason: str = ""
    approver: str = ""
    path: str = ""

    def is_between(self, old: str, new: Procedure) -> bool:
        """Whether it leads from that digest to that version."""
        return self.procedure == new.name and old.startswith(self.old) and new.digest.startswith(self.new)


def read_migrations(files: Iterable[File]) -> Iterator[Migration]:
    """List the migration files that can be used."""
    for file in files:
        tree = file.tree
        if file.kind != "migration" or tree is None or not tree.get("procedure") or not tree.get("from"):
            continue
        yield Migration(
            name=file.name,
            procedure=tree["procedure"],
            old=tree["from"],
            new=tree.get("to") or "",
            steps=tree.get("map") or {},
            keeps_deadline=tree.get("deadlines") != "restart",
            reason=tree.get("reason") or "",
            approver=tree.get("approver") or "",
            path=file.path,
        )


def find_migration(migrations: Iterable[Migration], old: str, new: Procedure) -> Migration | None:
    """Find the migration from a digest to a version; None where there is none."""
    return next((migration for migration in migrations if migration.is_between(old, new)), None)
