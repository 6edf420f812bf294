"""The wheel: built, installed apart from the checkout, and at work in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

import fujin_cli
from tests.support.paths import ROOT

pytestmark = pytest.mark.slow


def _build(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    return subprocess.run(command, text=True, capture_output=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout. The build backend is fetched by pip, so a registry has to be within reach."""
    folder = tmp_path_factory.mktemp("wheel")
    done = _build(folder)
    if done.returncode and ("No matching distribution" in done.stderr or "onnection" in done.stderr):
        pytest.skip(f"the build backend cannot be fetched: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    (found,) = folder.glob("fujin-*.whl")
    return found


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``fujin`` in an environment of its own: the wheel, and the packages that this environment has."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    target = next(folder.glob("lib/python*/site-packages"))
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", str(wheel)]
    subprocess.run(command, check=True, capture_output=True)
    (target / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return folder / "bin" / "fujin"


def run(program: Path, folder: Path, *arguments: str, language: str = "en") -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {**kept, "FUJIN_LANG": language}
    return subprocess.run([str(program), *arguments], cwd=folder, env=environment, text=True, capture_output=True)


def test_the_wheel_holds_the_program_the_template_and_the_translations(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = {path.relative_to(ROOT).as_posix() for path in (ROOT / "workflows" / "procedures").glob("*.yaml")}
    template = {path.relative_to(ROOT).as_posix() for path in (ROOT / "fujin_cli" / "templates").rglob("*.yaml")}
    assert len(shipped) >= 4
    assert {f"fujin_cli/templates/full/{path}" for path in shipped} | template <= names
    catalogues = {path.relative_to(ROOT).as_posix() for path in (ROOT / "fujin_cli").rglob("*.mo")}
    assert catalogues, "no compiled catalogue in the checkout"
    assert catalogues <= names
    pages = {path.relative_to(ROOT).as_posix() for path in (ROOT / "fujin_cli" / "locale").rglob("*.md")}
    assert len(pages) > 100 and pages <= names
    assert not [name for name in names if name.startswith(("tests/", "docs/", "data/", "workflows/"))]


def test_what_is_installed_is_the_wheel_and_not_the_checkout(program: Path, tmp_path: Path) -> None:
    python = program.parent / "python"
    asked = [str(python), "-c", "import fujin_cli; print(fujin_cli.__file__)"]
    done = subprocess.run(asked, cwd=tmp_path, text=True, capture_output=True, check=True)
    assert Path(done.stdout.strip()).is_relative_to(program.parents[1])
    assert run(program, tmp_path, "--version").stdout == f"fujin {fujin_cli.__version__}\n"


def test_a_workspace_begun_from_the_wheel_is_valid_and_takes_a_case(program: Path, tmp_path: Path) -> None:
    begun = run(program, tmp_path, "init", "my-city")
    assert begun.returncode == 0, begun.stderr
    city = tmp_path / "my-city"
    for path in (ROOT / "workflows" / "procedures").glob("*.yaml"):
        assert (city / "workflows" / "procedures" / path.name).read_bytes() == path.read_bytes()
    checked = run(program, city, "validate", "--strict")
    assert (checked.returncode, checked.stdout) == (0, "no findings in 35 files\n"), checked.stdout
    (city / "contact.txt").write_text("name: 样例\nphone: 000-0000-0001\n", "utf-8")
    given = ("--set", "summary=路灯不亮", "--set", "reporter=@contact.txt")
    opened = run(program, city, "case", "open", "resident-request", "--community", "C01", "--as", "resident", *given)
    assert opened.returncode == 0, opened.stderr
    assert run(program, city, "case", "list").stdout.count("resident-request") == 1
    assert run(program, city, "ledger", "verify").returncode == 0


def test_the_installed_program_speaks_chinese(program: Path, tmp_path: Path) -> None:
    english = run(program, tmp_path, "--help").stdout
    chinese = run(program, tmp_path, "--help", language="zh").stdout
    assert english.startswith("Usage: fujin")
    assert chinese.startswith("用法") and chinese != english
