"""Collect every sentence of the program into the catalogue, and compile it. ``make catalogues`` runs this.

``--check`` changes nothing and fails when a sentence is missing, untranslated or not compiled: the tests run that.
Either way it names the Chinese pages of codes that are missing or stale (``chinese_pages.py``), which people write.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import chinese_pages
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from fujin_cli.store.schema.json_schemas import sentences

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "fujin_cli"
FOLDER = PACKAGE / "locale" / "zh" / "LC_MESSAGES"
KEYWORDS = {"say": None, "_": None, "translate": None, "say_count": (1, 2)}


def collected() -> Catalog:
    """The sentences of the source, in the order of the files."""
    catalogue = Catalog(locale="zh", project="fujin", header_comment="# Sentences of fujin in Chinese.", fuzzy=False)
    for name, line, message, _comments, _context in extract_from_dir(
        str(PACKAGE), [("**.py", "python")], keywords=KEYWORDS
    ):
        if message:
            del line  # line numbers would change the catalogue with every edit
            catalogue.add(message, locations=[(f"fujin_cli/{name}", 0)])
    for sentence in sentences():
        catalogue.add(sentence, locations=[("fujin_cli/store/schema/shapes", 0)])
    return catalogue


def forms(text: str | Sequence[str] | None) -> Sequence[str]:
    """The forms of a sentence: one, or for a number singular and plural; none where it is not translated."""
    return (text,) if isinstance(text, str) else text or ()


def holes(text: str | Sequence[str]) -> set[str]:
    """The names of the holes of a sentence in any of its forms."""
    return set(re.findall(r"(?<!\{)\{(\w+)\}", " ".join(forms(text))))


def merged() -> Catalog:
    """The collected sentences with the translations that there are."""
    known = read_po((FOLDER / "fujin.po").open("rb"), locale="zh") if (FOLDER / "fujin.po").exists() else Catalog()
    catalogue = collected()
    for message in catalogue:
        found = known.get(message.id) if message.id else None
        if found and found.string:
            message.string = found.string if message.pluralizable == found.pluralizable else message.string
    return catalogue


def problems(catalogue: Catalog) -> list[str]:
    """What is missing or wrong in the translations."""
    found = []
    for message in catalogue:
        if not message.id:
            continue
        if not forms(message.string) or not all(forms(message.string)):
            found.append(f"not translated: {message.id!r}")
        elif holes(message.id) != holes(message.string):
            found.append(f"other holes: {message.id!r} and {message.string!r}")
    return found


def compiled(catalogue: Catalog) -> tuple[bytes, bytes]:
    """The catalogue as .po and as .mo."""
    catalogue.creation_date = catalogue.revision_date = None  # type: ignore[assignment]
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalogue, omit_header=True, width=0, include_lineno=False, sort_output=True)
    write_mo(mo, catalogue)
    head = b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: zh\\n"\n'
    head += b'"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    return head + po.getvalue(), mo.getvalue()


def messages_of(mo: bytes) -> dict[str, str]:
    """What a compiled catalogue says, without its header."""
    import gettext

    known = gettext.GNUTranslations(io.BytesIO(mo))._catalog  # type: ignore[attr-defined]
    return {key: value for key, value in known.items() if key}


def main() -> int:
    """Write both files, or with ``--check`` compare them."""
    catalogue = merged()
    found = problems(catalogue) + chinese_pages.problems()
    po, mo = compiled(catalogue)
    if "--check" not in sys.argv:
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / "fujin.po").write_bytes(po)
        (FOLDER / "fujin.mo").write_bytes(mo)
    else:
        kept = (FOLDER / "fujin.mo").read_bytes() if (FOLDER / "fujin.mo").exists() else b""
        if not kept or messages_of(kept) != messages_of(mo):
            found.append("the compiled catalogue is stale; run `make catalogues`")
    print("\n".join(found) or "every sentence and every page is translated", file=sys.stderr if found else sys.stdout)
    return 1 if found and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
