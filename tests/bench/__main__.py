"""``python -m tests.bench [--quick] [PART…]``: every figure of docs/explanation/performance.md."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from fujin_cli.use_cases.session import Session
from fujin_cli.use_cases.verify_ledger import LedgerCheck
from tests.bench import comparisons, configurations, crowds, ledgers
from tests.bench.multiplied import CASES
from tests.bench.timing import FUJIN, Contender, Taken, compare, table
from tests.bench.workflow_files import workflow_files
from tests.oracles.nets import net_of, random_pair, write

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PEERS = ROOT / ".peers" / "bin"
ORACLE = ROOT / ".oracles" / "bin" / "python"
NETS = 200
QUICK = "--quick" in sys.argv


def start_up(folder: Path) -> None:
    """Start-up against a Python that imports typer."""
    ledgers.fill(folder, 200)
    times = 5 if QUICK else 15
    tab = ("env", "_FUJIN_COMPLETE=bash", "_FUJIN_LINE=fujin case show ", *FUJIN)
    medians = compare(
        [
            Contender("python -c 'import typer'", (sys.executable, "-c", "import typer"), folder),
            Contender("fujin --version", (*FUJIN, "--version"), folder),
            Contender("TAB behind fujin case show, 100 open", tab, folder),
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


def verifying(folder: Path) -> None:
    """Verification of a whole ledger: cases a second of CPU, for its chains alone and with every reference."""
    cases = 2000 if QUICK else 20_000
    ledgers.fill(ledgers.workspace(folder), cases)
    session = Session(folder)
    for name, verify in (("chains", session.ledger.verify), ("with references", LedgerCheck(session, False).run)):
        begun = time.process_time()
        if list(verify()):
            raise RuntimeError("the ledger of the benchmark is not sound")
        print(f"  verify, {name}: {cases / (time.process_time() - begun):.0f} cases/s")


def validating(folder: Path, name: str, place: Path) -> None:
    """Validation without any cache, beside yamllint and check-jsonschema on the same files."""
    schemas = configurations.schemas(folder)
    checks = " && ".join(
        f"{PEERS / 'check-jsonschema'} -q --schemafile {schemas[kind]} {' '.join(files)}"
        for kind, files in configurations.files_of(place).items()
        if kind in schemas
    )
    contenders = [
        Contender("yamllint", (str(PEERS / "yamllint"), "-d", "relaxed", "--no-warnings", "workflows"), place),
        Contender("fujin validate --no-cache", (*FUJIN, "validate", "--no-cache"), place),
        Contender("check-jsonschema", ("bash", "-c", checks), place, expected=(0, 1)),
    ]
    table(f"{name}, {configurations.lines_of(place)} lines", compare(contenders, 2 if QUICK else 5), "yamllint")


def validating_again(folder: Path, name: str, place: Path) -> None:
    """Unchanged files, and one edited among them, beside checkers of workflow files on theirs."""
    lines = configurations.lines_of(place)
    theirs = workflow_files(folder / f"{name}-workflows", lines)
    roster = next((place / "workflows" / "rosters").iterdir())
    request = place / "workflows" / "procedures" / "resident-request.yaml"
    remarks = itertools.count()

    def edit(file: Path) -> None:
        text = file.read_text("utf-8").partition("note: remark ")[0]
        file.write_text(f"{text}note: remark {next(remarks)}\n", "utf-8")

    actionlint = (str(PEERS / "actionlint"), "-shellcheck=", "-pyflakes=")
    zizmor = (str(PEERS / "zizmor"), "--offline", "--no-exit-codes", "--no-progress", "-q", ".")
    contenders = [
        Contender("actionlint", actionlint, theirs),
        Contender("fujin validate, nothing changed", (*FUJIN, "validate"), place),
        Contender("fujin validate, one roster edited", (*FUJIN, "validate"), place, before=partial(edit, roster)),
        Contender("fujin validate, one procedure edited", (*FUJIN, "validate"), place, before=partial(edit, request)),
        Contender("zizmor", zizmor, theirs),
    ]
    files = len(list(place.rglob("*.yaml")))
    table(f"{name}, {lines} lines, {files} files", compare(contenders, 2 if QUICK else 7), "actionlint")


def comparing(folder: Path) -> None:
    """Two versions of the city with open cases, beside a validation of one version."""
    listed = comparisons.contenders(folder)
    base = Contender("fujin validate --no-cache", (*FUJIN, "validate", "--no-cache"), listed[0].folder)
    medians = compare([base, *listed], 3 if QUICK else 9)
    table(f"the city with {comparisons.CASES} open cases (wanted: under 0.4 s of CPU)", medians, base.name)


def growing(folder: Path) -> None:
    """What a member costs in a small city and in a large one."""
    found: dict[int, Taken] = {}
    for communities in (200, 2000):
        place = configurations.template(folder / str(communities), communities)
        contender = Contender(f"{communities} communities", (*FUJIN, "validate", "--no-cache"), place)
        found |= {communities: compare([contender], 1 if QUICK else 3)[contender.name]}
    per = {number: taken.cpu / (number * configurations.MEMBERS) for number, taken in found.items()}
    print("\nvalidation, CPU time for each member")
    for number, seconds in per.items():
        print(f"  {number * configurations.MEMBERS:>6} members {seconds * 1e6:9.1f} µs {seconds / per[200]:6.2f} ×")


def proving(folder: Path) -> None:
    """Behaviour and guarantees, of the shipped procedures and of a generated one: seconds of CPU for that alone."""
    print("\nbehaviour and guarantees, without reading files")
    for name, words in (
        ("the shipped procedures (wanted: under 2 s)", ("tests.bench.shipped",)),
        ("1 000 steps, 20 guarantees (wanted: under 5 s)", ("tests.bench.generated", "1000")),
        ("the same, all 20 broken", ("tests.bench.generated", "1000", "broken")),
    ):
        done = subprocess.run((sys.executable, "-m", *words), cwd=ROOT, capture_output=True, text=True, check=True)
        print(f"  {name:<50} {done.stdout.splitlines()[-1]}")
    print("\nprocedures whose states multiply (wanted: under 5 s and 300 MB)")
    for name in CASES:
        command = (sys.executable, "-m", "tests.bench.multiplied", name)
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        print(f"  {name:<50} {done.stdout.splitlines()[-1]}")


def bounding(folder: Path) -> None:
    """Random procedures whose states multiply: the most expensive one."""
    command = (sys.executable, "-m", "tests.bench.random_large", "20" if QUICK else "110")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    print("\nrandom procedures with up to 60 guarded fields and 8 groups (wanted: under 5 s and 300 MB each)")
    print(f"  {done.stdout.splitlines()[-1]}")


def soundness(folder: Path) -> None:
    """Random procedures here, and as nets at pm4py: whole processes, also with one net alone, which is mostly start."""
    if not ORACLE.exists():
        print("\nsoundness beside pm4py: left out, run `make oracles` first")
        return
    contenders = []
    for count in (1, NETS):
        nets = folder / str(count)
        nets.mkdir()
        for seed in range(count):
            write(net_of(random_pair(seed)), nets / f"{seed:03}.pnml")
        theirs = (str(ORACLE), str(ROOT / "tests" / "oracles" / "soundness.py"), str(nets))
        contenders.append(Contender(f"pm4py, nets: {count}", theirs, folder))
        here = (sys.executable, "-m", "tests.bench.own_soundness", str(count))
        contenders.append(Contender(f"fujin, the same procedures: {count}", here, ROOT))
    medians = compare(contenders, 2 if QUICK else 5)
    table("soundness", medians, f"pm4py, nets: {NETS}")
    each = [medians[contenders[place + 2].name].cpu - medians[contenders[place].name].cpu for place in (0, 1)]
    print(
        f"  for each net without the start: pm4py {each[0] / (NETS - 1) * 1e3:.2f} ms, "
        f"fujin {each[1] / (NETS - 1) * 1e3:.2f} ms: {each[1] / each[0]:.2f} ×"
    )


def main() -> None:
    """Run everything and print it; with names behind it, those parts only."""
    parts: dict[str, Callable[[Path], None]] = {
        "start": lambda folder: start_up(ledgers.workspace(folder)),
        "tiny": lambda folder: validating(folder, "tiny", configurations.tiny(folder / "tiny")),
        "small": lambda folder: validating(folder, "city", configurations.city(folder / "small", 1200)),
        "large": lambda folder: validating(folder, "city", configurations.city(folder / "large", 12000)),
        "laws": lambda folder: validating(folder, "laws", configurations.many_procedures(folder / "laws", 12000)),
        "again": lambda folder: validating_again(folder, "city", configurations.city(folder / "city", 12000)),
        "again-laws": lambda folder: validating_again(
            folder, "laws", configurations.many_procedures(folder / "laws", 12000)
        ),
        "comparing": comparing,
        "growing": growing,
        "proving": proving,
        "bounding": bounding,
        "soundness": soundness,
        "advancing": advancing,
        "verifying": verifying,
        "crowds": lambda folder: crowds.report(ledgers.workspace(folder), 3 if QUICK else 8),
    }
    asked = [name for name in sys.argv[1:] if name in parts]
    print(f"load average before: {os.getloadavg()[0]:.2f}; {os.cpu_count()} cores")
    for name, part in parts.items():
        if not asked or name in asked:
            with tempfile.TemporaryDirectory(prefix="fujin-bench-") as temporary:
                part(Path(temporary))
    print(f"\nload average after: {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
