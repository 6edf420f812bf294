"""Imports point down, and what runs often imports little: the layers, the rooms, and the start-up of three commands."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.command_line import City, lay_city
from tests.support.paths import ROOT

LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(cache_dir=None))"
HEAVY = ("pydantic", "ruamel", "rich", "chinese_calendar")


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """What import-linter says of the package at ``root`` by the contract that stands there."""
    return subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=root,
        text=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )


def test_imports_point_down() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


UPWARD_IMPORTS = {
    "core/cases/peeking.py": "from fujin_cli.store.files import disk",
    "core/text/judging.py": "from fujin_cli.core.model import ids",
    "store/yaml/keeping.py": "from fujin_cli.store.ledger import protocol",
    "render/basics/pages.py": "from fujin_cli.render.cases import status",
    "render/cases/asking.py": "from fujin_cli.use_cases import session",
    "use_cases/typing.py": "from fujin_cli.commands.common import console",
    "commands/common/adding.py": "from fujin_cli.commands.case import advance",
    "rules/support/ruling.py": "from fujin_cli.rules import registry",
    "language.py": "from fujin_cli.core.text import localized",
}
OUTSIDE_OF_PACKAGES = [
    "attic.py",
    *(f"{package}/attic.py" for package in ("core", "store", "render", "commands", "rules")),
]


def lint_copy_with(root: Path, modules: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What import-linter says of a copy of the package at ``root`` that has these modules, too."""
    shutil.copytree(ROOT / "fujin_cli", root / "fujin_cli", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    for module, text in modules.items():
        (root / "fujin_cli" / module).write_text(f"{text}\n", "utf-8")
    return lint(root)


def test_every_import_upward_is_blamed(tmp_path: Path) -> None:
    """All in one copy: to build the graph of imports takes longer than to judge it."""
    done = lint_copy_with(tmp_path, UPWARD_IMPORTS)
    assert done.returncode != 0
    for module, text in UPWARD_IMPORTS.items():
        package, name = re.findall(r"from (\S+) import (\S+)", text)[0]
        importer = f"fujin_cli.{module.removesuffix('.py').replace('/', '.')}"
        assert re.search(rf"{re.escape(importer)} -> {re.escape(package)}\.{name}\b", done.stdout), done.stdout


def test_every_module_outside_of_the_packages_is_blamed(tmp_path: Path) -> None:
    done = lint_copy_with(tmp_path, dict.fromkeys(OUTSIDE_OF_PACKAGES, ""))
    assert done.returncode != 0
    blamed = re.findall(r"^- (\S+)$", done.stdout, re.MULTILINE)
    expected = [f"fujin_cli.{module.removesuffix('.py').replace('/', '.')}" for module in OUTSIDE_OF_PACKAGES]
    assert sorted(blamed) == sorted(expected)


def test_core_reads_no_file_no_clock_and_no_chance() -> None:
    """It decides from what it is given, so that what was decided can be decided again."""
    banned = {"os", "sys", "io", "pathlib", "time", "random", "secrets", "socket", "subprocess", "tempfile", "shutil"}
    for path in sorted((ROOT / "fujin_cli" / "core").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [entry.name.partition(".")[0] for entry in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [(node.module or "").partition(".")[0]]
            assert not banned & set(names), f"{path.name}: {names}"
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("open", "print", "input", "exec", "eval"), f"{path.name}:{node.lineno}"
            if isinstance(node, ast.Attribute):
                assert node.attr not in ("utcnow", "today"), f"{path.name}:{node.lineno}"
                assert not (node.attr == "now" and ast.unparse(node.value) == "datetime"), f"{path.name}:{node.lineno}"


# cases that are read before a transaction

TRANSACTIONS = {"operate", "operate_on", "take_action"}  # whose callbacks run on a case under its lock


def functions_outside_transactions(tree: ast.AST) -> list[ast.FunctionDef]:
    """The functions that take a Case, or several, and are no callback of a transaction."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    started = [call for call in calls if ast.unparse(call.func).rpartition(".")[2] in TRANSACTIONS]
    callbacks = {
        argument.id
        for call in started
        for argument in [*call.args, *(keyword.value for keyword in call.keywords)]
        if isinstance(argument, ast.Name)
    }
    nested = {
        inner
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef)
        for inner in outer.body
        if isinstance(inner, ast.FunctionDef) and inner.name in callbacks
    }
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node not in nested]
    return [function for function in functions if any(map(takes_case, all_arguments(function)))]


def all_arguments(function: ast.FunctionDef) -> list[ast.arg]:
    arguments = function.args
    optional = [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *optional]


def takes_case(argument: ast.arg) -> bool:
    """Whether an argument is a Case or holds some; a function that is given a Case later is a callback."""
    text = ast.unparse(argument.annotation) if argument.annotation else ""
    annotation = re.sub(r"Callable\[\[[^\]]*(?:\[[^\]]*\][^\]]*)*\]", "", text)
    return re.search(r"\bCase\b", annotation) is not None


def test_nothing_is_computed_from_a_case_that_was_read_before_its_transaction() -> None:
    """Outside of what is pure, a case is in the hands of a transaction's callback alone: it may change meanwhile."""
    for path in sorted((ROOT / "fujin_cli").rglob("*.py")):
        if path.relative_to(ROOT / "fujin_cli").parts[0] not in ("core", "render"):
            functions = functions_outside_transactions(ast.parse(path.read_text("utf-8")))
            assert not functions, f"{path.name}: {[function.name for function in functions]}"


@pytest.mark.parametrize(
    ("text", "blamed"),
    [
        ("def f(case: Case): ...", ["f"]),
        ("def f(cases: Iterable[Case] | None = None): ...", ["f"]),
        ("def f(*, cases: dict[str, Case]): ...", ["f"]),
        ("class C:\n    def f(self, case: 'Case'): ...", ["f"]),
        ("def f():\n    def g(case: Case): ...\n    g(1)", ["g"]),
        ("def g(case: Case): ...\ndef f():\n    operate(session, g)", ["g"]),
        ("def f():\n    def g(case: Case): ...\n    operate_on(session, id, g)", []),
        ("def f():\n    def g(case: Case): ...\n    take_action(console, id, choose=g)", []),
        ("def f(choose: Callable[[Case, Version], Choice], code: Code, stored: StoredCase) -> Case: ...", []),
        ("def f(chosen: Callable[[Sequence[str]], None], case: Case): ...", ["f"]),
    ],
)
def test_functions_that_take_a_case_are_found(text: str, blamed: list[str]) -> None:
    assert [function.name for function in functions_outside_transactions(ast.parse(text))] == blamed


# start-up

SPY = (
    "import atexit, json, sys; "
    "atexit.register(lambda: sys.stderr.write(json.dumps(sorted(sys.modules)))); "
    "from fujin_cli.__main__ import main; main()"
)


def imported(city: City, *arguments: str) -> tuple[str, set[str]]:
    """What a command answers, and every module that it imported."""
    done = subprocess.run(
        [sys.executable, "-c", SPY, *arguments], cwd=city.folder, env=city.environment(), text=True, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, set(json.loads(done.stderr))


def unwanted(modules: set[str], *names: str) -> set[str]:
    """Those of the modules that are one of ``names`` or lie below one."""
    return {module for module in modules if any(module == name or module.startswith(f"{name}.") for name in names)}


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> tuple[City, str]:
    """A workspace with one case that nobody has touched for an hour, looked at once since; and the case."""
    city = City(lay_city(tmp_path_factory.mktemp("warm") / "city"))
    case = city.open()["case"]
    for path in (city.folder / "data" / "ledger").rglob("*.json"):
        os.utime(path, (time.time() - 3600, time.time() - 3600))
    assert city.spawn("case", "list").code == 0  # a process: summaries hold for the day on its clock
    return city, case


def test_the_version_imports_no_command_line(warm: tuple[City, str]) -> None:
    out, modules = imported(warm[0], "--version")
    assert re.fullmatch(r"fujin \d+\.\d+\.\d+\n", out)
    assert not unwanted(modules, "typer", "fujin_cli.cli", "fujin_cli.commands", "fujin_cli.core", *HEAVY, "tinydb")


def test_a_list_of_an_unchanged_workspace_reads_no_yaml_and_no_volume(warm: tuple[City, str]) -> None:
    city, case = warm
    out, modules = imported(city, "case", "list", "--json")
    assert [entry["case"] for entry in json.loads(out)["cases"]] == [case]
    assert not unwanted(
        modules,
        *HEAVY,
        "tinydb",
        "fujin_cli.core.model.compile_procedure",
        "fujin_cli.rules",
        "fujin_cli.store.schema.shapes",
    )
    assert not unwanted(modules, "fujin_cli.core.cases.decide", "fujin_cli.store.ledger.tinydb.ledger")


@pytest.mark.slow
def test_a_page_of_an_unchanged_workspace_reads_no_yaml(warm: tuple[City, str]) -> None:
    city, case = warm
    for typed in (("case", "show", case), ("case", "show", case, "--json"), ("case", "actions", case), ("status",)):
        _out, modules = imported(city, *typed)
        assert not unwanted(modules, *HEAVY, "fujin_cli.rules", "fujin_cli.store.schema.shapes"), typed


def test_a_move_of_an_unchanged_workspace_reads_no_yaml(warm: tuple[City, str]) -> None:
    city, case = warm
    typed = ("case", "note", case, "x", "--as", "p-0001", "--dry-run")
    _out, modules = imported(city, *typed)
    assert not unwanted(modules, *HEAVY, "fujin_cli.rules", "fujin_cli.store.schema.shapes")


MOST_FILES = 45  # of fujin, without the packages' own files, that hold one sentence each


def test_a_move_imports_few_files(warm: tuple[City, str]) -> None:
    """Start-up time grows with every file: what an ordinary move does not need is imported where it is needed."""
    city, case = warm
    _out, modules = imported(city, "case", "advance", case, "accept", "--as", "p-0001", "--dry-run")
    own = [name for name in modules if name.partition(".")[0] == "fujin_cli"]
    files = [name for name in own if ROOT.joinpath(*name.split(".")).with_suffix(".py").is_file()]
    assert len(files) <= MOST_FILES, sorted(files)


@pytest.mark.slow
def test_validating_unchanged_files_judges_nothing(warm: tuple[City, str]) -> None:
    city, _case = warm
    assert city.spawn("validate").code == 0  # a process: the kept findings hold for its day
    for typed in (("validate",), ("validate", "--json"), ("validate", "workflows/menu.yaml")):
        _out, modules = imported(city, *typed)
        assert not unwanted(modules, *HEAVY, "fujin_cli.rules", "fujin_cli.store.schema.shapes"), typed
        assert not unwanted(
            modules,
            "fujin_cli.core.model.workspace",
            "fujin_cli.core.model.compile_procedure",
            "fujin_cli.core.explore.reachability",
        )
        assert not unwanted(modules, "fujin_cli.store.workspace.read_files", "fujin_cli.store.yaml", "tinydb")
    _out, modules = imported(city, "validate", "--no-cache")
    assert unwanted(modules, "fujin_cli.rules") and not unwanted(modules, "pydantic", "pydantic_core")


def test_a_changed_workspace_is_read_anew(warm: tuple[City, str]) -> None:
    """The guard above is none if nothing ever imports those."""
    city, _case = warm
    head = city.folder / "workflows" / "workspace.yaml"
    head.write_text(head.read_text("utf-8") + "\n# changed\n", "utf-8")
    _out, modules = imported(city, "case", "list", "--json")
    assert unwanted(modules, "ruamel") and unwanted(
        modules, "fujin_cli.store.schema.quick_accept", "fujin_cli.store.schema.shapes"
    )
