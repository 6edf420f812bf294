"""What is wrong with the Chinese pages of codes: missing, stale, or not whole. ``make catalogues`` prints it.

A page is ``fujin_cli/locale/zh/explain/FAMILY/CODE.md``; ``fujin_cli/rules/explain.py`` says how one is written.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from fujin_cli.language import FAMILIES  # noqa: E402
from fujin_cli.rules.explain import HEAD, HOLE, digest, example_count  # noqa: E402
from fujin_cli.rules.registry import codes, page  # noqa: E402

PAGES = ROOT / "fujin_cli" / "locale" / "zh" / "explain"
# Three English words in a row are a sentence that nobody translated; what people type stands in backticks.
_SENTENCE = re.compile(r"\b[A-Za-z]+ [a-z]+ [a-z]+\b")
_END = re.compile(r"[，。；：、）”]$")


def problems() -> list[str]:
    """What is wrong with any page, in words that say what to do."""
    rules = set(codes())
    found = [said for code in sorted(rules) for said in problems_of(code, page(code) or "", _translation(code))]
    known = {path.stem for path in PAGES.glob("*/*.md")}
    return found + [f"{code}: there is no such code any more; delete {_path(code)}" for code in sorted(known - rules)]


def problems_of(code: str, english: str, chinese: str | None) -> list[str]:
    """What is wrong with the Chinese page of a code (None: there is none) beside its English page."""
    first = f"<!-- {code}, translated from {digest(english)} -->"
    if chinese is None:
        count = example_count(english)
        holes = f", with {{example 1}} to {{example {count}}} on lines of their own" if count else ""
        return [f"{code}: there is no Chinese page; write {_path(code)}, whose first line is {first}{holes}"]
    head = HEAD.match(chinese)
    if head is None or head[1] != code:
        return [f"{code}: the first line of {_path(code)} must be {first}"]
    said = []
    if head[2] != digest(english):
        said.append(
            f"{code}: the Chinese page translates an older text; bring {_path(code)} in line with its English page "
            f"(the docstring of its rule in fujin_cli/rules, or fujin_cli/locale/en/explain), "
            f"then make its first line {first}"
        )
    wanted = [str(number) for number in range(1, example_count(english) + 1)]
    if HOLE.findall(chinese) != wanted:
        lines = ", ".join(f"{{example {number}}}" for number in wanted) or "no {example N}"
        said.append(f"{code}: {_path(code)} must have {lines}, each once, in order, on a line of its own")
    return said + [f"{code}: {_path(code)}: {why}" for why in _faults(code, chinese)]


def _faults(code: str, chinese: str) -> list[str]:
    """What a reader of Chinese would stumble over."""
    body = re.sub(r"^```.*?^```$", "", HOLE.sub("", HEAD.sub("", chinese)), flags=re.MULTILINE | re.DOTALL)
    faults = [] if re.match(rf"# {code} · .*[一-鿿]", body) else [f"the title must be `# {code} · …` in Chinese"]
    prose = re.sub(r"`[^`]*`|\]\([^)]*\)", "", body)
    faults += [f"English is left: {match[0]}" for match in _SENTENCE.finditer(prose)]
    lines = [line for line in body.splitlines() if line and not line.startswith("#")]
    return faults + [f"a line must end with Chinese punctuation: {line}" for line in lines if not _END.search(line)]


def _translation(code: str) -> str | None:
    path = PAGES / FAMILIES[int(code[2])] / f"{code}.md"
    return path.read_text("utf-8") if path.exists() else None


def _path(code: str) -> str:
    return (PAGES / FAMILIES[int(code[2])] / f"{code}.md").relative_to(ROOT).as_posix()


def main() -> int:
    """Print what is wrong; exit code 1 where anything is."""
    found = problems()
    print("\n".join(found) or "every page of a code is translated")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
