"""``fujin diff`` of the city with sixty open cases, with nothing cached: whole processes."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.bench import ledgers
from tests.bench.timing import FUJIN, Contender

CASES = 60
REQUEST = "procedures/resident-request.yaml"
EDITS = {  # file below workflows, the line that is edited, what becomes of it
    "nothing": (REQUEST, "", ""),
    "a member's role": ("rosters/XF01-environment.yaml", "roles: [collector]", "roles: [inspector]"),
    "a deadline": (REQUEST, "within: 1 working day\n", "within: 2 working days\n"),
    "a limit": (REQUEST, "limit: 2\n", "limit: 3\n"),
}


def contenders(folder: Path) -> Sequence[Contender]:
    """Make a copy of the city for each edit, committed before the edit; the comparison is that with the last commit."""
    place = ledgers.workspace(folder / "city")
    ledgers.fill(place, CASES)
    for command in (("init", "-q"), ("add", "workflows"), ("commit", "-qm", "the city")):
        subprocess.run(
            ("git", "-c", "user.name=bench", "-c", "user.email=bench@example.org", *command), cwd=place, check=True
        )
    listed = []
    for name, (file, old, new) in EDITS.items():
        copy = Path(shutil.copytree(place, folder / name.replace(" ", "-")))
        edited = copy / "workflows" / file
        text = edited.read_text("utf-8")
        if old not in text:
            raise RuntimeError(f"{file} has no line {old!r}")
        edited.write_text(text.replace(old, new), "utf-8")

        def forget(cache: Path = copy / "data" / "cache") -> None:
            shutil.rmtree(cache, ignore_errors=True)

        command = (*FUJIN, "diff", "HEAD")
        listed.append(Contender(f"fujin diff HEAD, {name} edited", command, copy, expected=(0, 1), before=forget))
    return listed
