"""The hooks in ``.pre-commit-hooks.yaml``, run by the real pre-commit in a repository that holds a workspace."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.golden_workspaces import copy_base
from tests.support.paths import ROOT

HOOKS = ROOT / ".pre-commit-hooks.yaml"
BIN = Path(sys.executable).parent
ROSTER = "city/workflows/rosters/C2.yaml"

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="pre-commit works on git repositories")


def run(folder: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "FUJIN_LANG": "en",
        "HOME": str(folder.parent),
        "PRE_COMMIT_HOME": str(folder.parent / "hooks"),
        "PYTHONPATH": str(ROOT),
        "NO_COLOR": "1",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A workspace in a folder of a repository, with the hooks as they are shipped, run with this Python's fujin."""
    root = tmp_path / "repository"
    copy_base(root / "city")
    shipped = HOOKS.read_text("utf-8").replace("language: python", "language: system\n  args: [city]")
    hooks = "\n".join(f"      {line}" for line in shipped.splitlines())
    (root / ".pre-commit-config.yaml").write_text(f"repos:\n  - repo: local\n    hooks:\n{hooks}\n", "utf-8")
    assert run(root, "git", "init", "-q").returncode == 0
    assert run(root, "git", "add", "-A").returncode == 0
    return root


def hook(repository: Path, name: str) -> subprocess.CompletedProcess[str]:
    run(repository, "git", "add", "-A")
    return run(repository, BIN / "pre-commit", "run", name, "--all-files")


def test_the_hooks_are_hooks(repository: Path) -> None:
    checked = run(repository, BIN / "pre-commit", "validate-manifest", HOOKS)
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.slow
def test_they_pass_on_what_is_right(repository: Path) -> None:
    for name in ("fujin-validate", "fujin-fmt"):
        ran = hook(repository, name)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert "Passed" in ran.stdout


@pytest.mark.slow
def test_they_fail_on_what_is_wrong(repository: Path) -> None:
    path = repository / ROSTER
    right = path.read_text("utf-8")
    path.write_text(right.replace("[supervisor]", "[ supervizor ]"), "utf-8")
    validated, laid_out = hook(repository, "fujin-validate"), hook(repository, "fujin-fmt")
    assert validated.returncode == 1
    assert "FJ102" in validated.stdout
    assert laid_out.returncode == 1
    assert "files were modified by this hook" in laid_out.stdout
    assert path.read_text("utf-8") == right.replace("supervisor]", "supervizor]")
    assert hook(repository, "fujin-fmt").returncode == 0


def test_other_files_do_not_call_them(repository: Path) -> None:
    (repository / "notes.yaml").write_text("a:   b\n", "utf-8")
    run(repository, "git", "add", "-A")
    ran = run(repository, BIN / "pre-commit", "run", "fujin-fmt", "--files", "notes.yaml")
    assert "Skipped" in ran.stdout
