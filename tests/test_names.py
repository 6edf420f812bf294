"""What the program calls things: few vague names, no class name twice, and packages that say what lives in them."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import fujin_cli

PACKAGE = Path(fujin_cli.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
LARGEST_SHARE = 0.02
LARGEST_FOLDER = 31  # files; rules/references has one for each code of its family
ROOMY = {"rules/references"}
LONGEST_FILE = 300  # lines


def vague_names() -> set[str]:
    lines = (Path(__file__).parent / "vague_names.txt").read_text("utf-8").splitlines()
    return {word for line in lines if not line.startswith("#") for word in line.split()}


def bound_names(tree: ast.AST) -> Iterator[str]:
    """Every name that a module binds: variables, parameters, functions, classes, aliases, exceptions, captures."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(ctx=ast.Store()):
                yield node.id
            case ast.arg():
                yield node.arg
            case ast.FunctionDef() | ast.ClassDef():
                yield node.name
            case ast.ExceptHandler() | ast.MatchAs() if node.name:
                yield node.name
            case ast.alias() if node.asname:
                yield node.asname


def test_few_names_are_vague() -> None:
    names = Counter(name for path in MODULES for name in bound_names(ast.parse(path.read_text("utf-8"))))
    vague = {name: count for name, count in names.most_common() if name.strip("_") in vague_names()}
    assert sum(vague.values()) < LARGEST_SHARE * names.total(), vague


def test_no_two_classes_have_the_same_name() -> None:
    places: dict[str, list[str]] = {}
    for path in MODULES:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(path.relative_to(PACKAGE).as_posix())
    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}


def test_every_package_says_in_one_sentence_what_lives_there() -> None:
    for path in (path for path in MODULES if path.name == "__init__.py"):
        docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        first = docstring.split("\n\n")[0]
        assert first.endswith((".", "?")) and first[0].isupper() | first.startswith("`"), path


def test_no_folder_is_crowded_and_no_file_is_long() -> None:
    folders = Counter(path.parent.relative_to(PACKAGE).as_posix() for path in MODULES if path.name != "__init__.py")
    crowded = {name: count for name, count in folders.items() if count > LARGEST_FOLDER and name not in ROOMY}
    lengths = {path.relative_to(PACKAGE).as_posix(): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert crowded == {}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}
