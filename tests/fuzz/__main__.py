"""
``python -m tests.fuzz TARGET [SECONDS]``: bytes that learn from what they reach, thrown at what reads YAML.

TARGET is ``reading`` (one file: parser, composer, shapes, places), ``judging`` (the file among those of a small
workspace: every rule, and the findings as text) or ``mending`` (laid out, mended, and shown in every other format). The
run ends with a report, and with an exit code of its own where something raised, crashed the interpreter, took longer
than ``LONGEST`` or more than ``MOST_MEMORY``; what did it is kept in ``.fuzz/``. Needs atheris (``make fuzz`` installs
it), which knows Linux and some versions of Python.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["fujin_cli", "ruamel"]):
    from tests.fuzz.targets import TARGETS

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
KEPT = ROOT / ".fuzz"
LONGEST = 60  # seconds for one file; the slowest known takes two, and CI machines are shared
MOST_MEMORY = 1024  # MB for the whole process
LARGEST = 4096  # bytes of one file: larger ones reach nothing more, and slow the search down


def seeds(folder: Path) -> None:
    """Every file that the tests know to be good, or bad in a way of its own, as a beginning."""
    places = [ROOT / "tests" / "golden", ROOT / "workflows" / "procedures"]
    for number, path in enumerate(sorted(path for place in places for path in place.rglob("*.yaml"))):
        data = path.read_bytes()
        if len(data) <= LARGEST:
            (folder / f"{number:04}").write_bytes(data)


def words(path: Path) -> None:
    """The words of the language, so that the search need not find each by chance."""
    from fujin_cli.store.schema.shapes.kinds import KINDS

    found = set(KINDS)
    for shape in KINDS.values():
        found |= {field.alias or name for name, field in shape.model_fields.items()}
    text = "".join(f'"{word}: "\n' for word in sorted(found))
    path.write_text(text + '"\\x26a "\n"*a"\n"<<: "\n"!!x "\n"---\\x0a"\n"? "\n"- "\n"|\\x0a"\n"{"\n"}"\n"["\n"]"\n')


def main() -> None:
    """Run one target for some seconds."""
    name, seconds = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "60"
    KEPT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fujin-fuzz-") as temporary:
        folder, dictionary = Path(temporary) / "seeds", Path(temporary) / "words"
        folder.mkdir()
        seeds(folder)
        words(dictionary)
        atheris.Setup(
            [
                sys.argv[0],
                f"-max_total_time={seconds}",
                f"-timeout={LONGEST}",
                f"-rss_limit_mb={MOST_MEMORY}",
                f"-max_len={LARGEST}",
                f"-dict={dictionary}",
                f"-artifact_prefix={KEPT}/{name}-",
                "-print_final_stats=1",
                "-verbosity=0",
                str(folder),
            ],
            TARGETS[name],
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main()
