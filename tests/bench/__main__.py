"""``python -m tests.bench [--quick]``: every figure of docs/explanation/performance.md."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from tests.bench import configurations, ledgers
from tests.bench.timing import FUJIN, Contender, compare, table

HERE = Path(__file__).resolve().parent
PEERS = HERE.parents[1] / ".peers" / "bin"
QUICK = "--quick" in sys.argv


def start_up(folder: Path) -> None:
    """Start-up against a Python that imports typer."""
    ledgers.fill(folder, 200)
    times = 5 if QUICK else 15
    medians = compare(
        [
            Contender("python -c 'import typer'", (sys.executable, "-c", "import typer"), folder),
            Contender("fujin --version", (*FUJIN, "--version"), folder),
            Contender("fujin case list --json, 100 open", (*FUJIN, "case", "list", "--json"), folder),
            Contender("fujin status --json, 100 open", (*FUJIN, "status", "--json"), folder),
            Contender("fujin tick --dry-run, 100 open", (*FUJIN, "tick", "--dry-run"), folder),
        ],
        times,
    )
    table("start-up", medians, "python -c 'import typer'")


def advancing(folder: Path) -> None:
    """One advance at three sizes of the ledger, beside stock TinyDB."""
    contenders = []
    for cases in (1000, 10_000) if QUICK else (1000, 10_000, 100_000):
        place = ledgers.workspace(folder / str(cases))
        ledgers.fill(place, cases)
        case = ledgers.open_one(place, "XF05")
        note = (*FUJIN, "case", "advance", case, "note", "--as", "p-0046", "--note", "样例")
        contenders.append(Contender(f"fujin case advance, {cases} cases", note, place))
        database = folder / f"{cases}.json"
        script = (sys.executable, str(HERE / "stock_tinydb.py"))
        Contender("make", (*script, "make", str(database), str(cases)), folder).run()
        contenders.append(
            Contender(f"stock TinyDB, {cases} cases", (*script, "advance", str(database), str(cases)), folder)
        )
    table("one event more", compare(contenders, 3 if QUICK else 9), contenders[0].name)


def validating(folder: Path, name: str, build: str) -> None:
    """Validation, uncached, beside yamllint and check-jsonschema."""
    place = getattr(configurations, build)(folder / name)
    lines = configurations.lines_of(place)
    schemas = configurations.schemas(folder)
    checks = " && ".join(
        f"{PEERS / 'check-jsonschema'} -q --schemafile {schemas[kind]} {' '.join(files)}"
        for kind, files in configurations.files_of(place).items()
        if kind in schemas
    )
    medians = compare(
        [
            Contender("fujin validate", (*FUJIN, "validate"), place),
            Contender("yamllint", (str(PEERS / "yamllint"), "-d", "relaxed", "--no-warnings", "workflows"), place),
            Contender("check-jsonschema", ("bash", "-c", checks), place, expected=(0, 1)),
        ],
        3 if QUICK else 7,
    )
    table(f"validation, {lines} lines", medians, "fujin validate")


def main() -> None:
    """Run everything and print it."""
    print(f"load average before: {os.getloadavg()[0]:.2f}; {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(prefix="fujin-bench-") as temporary:
        folder = Path(temporary)
        start_up(ledgers.workspace(folder / "start-up"))
        validating(folder, "small", "small")
        validating(folder, "large", "large")
        advancing(folder / "ledgers")
    print(f"\nload average after: {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
