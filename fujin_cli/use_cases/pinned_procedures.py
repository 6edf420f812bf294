"""Compare a procedure with its file before the first case is pinned to it: a cache must not make up rules."""

from __future__ import annotations

from pathlib import Path

from fujin_cli.core.findings.refusals import INVALID_FILE, Refusal
from fujin_cli.core.model.ids import procedure_text
from fujin_cli.core.text.localized import say
from fujin_cli.store.cache.cache_file import FOLDER
from fujin_cli.store.workspace.load import CACHE_FILE, bytes_of
from fujin_cli.store.workspace.read_files import read_files


def check_original(root: Path, path: str, text: str) -> None:
    """Parse the file of a procedure again and compare it with ``text``, which came from the cache of parsed files.

    The cache's checksum guards against accidents; somebody who changed the cache and its checksum would pin cases to
    rules that no file holds. Raises Refusal, after deleting the cache.
    """
    tree = read_files({path: bytes_of(root, path)}).checked[path].tree
    if procedure_text(tree or {}) == text:
        return
    (root / FOLDER / CACHE_FILE).unlink(missing_ok=True)
    raise Refusal(
        INVALID_FILE,
        say("{cache} did not hold what {path} says; it was deleted", cache=(FOLDER / CACHE_FILE).as_posix(), path=path),
        help=say("run the same command again: the files are read anew"),
    )
