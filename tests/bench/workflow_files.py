"""Workflow files as actionlint and zizmor check them: what they are for, in as many lines as fujin is given."""

from __future__ import annotations

from pathlib import Path

HEAD = """\
name: checks {number}
on:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
"""
JOB = """\
  job-{job}:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    strategy:
      matrix:
        python: ["3.11", "3.12", "3.13"]
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
        with:
          persist-credentials: false
      - name: step {job}
        env:
          VERSION: ${{{{ matrix.python }}}}
        run: |
          echo "$VERSION"
          make check
"""
JOBS = 3


def workflow_files(folder: Path, lines: int) -> Path:
    """A folder with files of about 55 lines, so many lines in all; none of them has anything wrong."""
    place = folder / ".github" / "workflows"
    place.mkdir(parents=True)
    (folder / ".git").mkdir()  # actionlint looks for the root of a checkout
    written = number = 0
    while written < lines:
        number += 1
        text = HEAD.format(number=number) + "".join(JOB.format(job=job) for job in range(1, JOBS + 1))
        (place / f"checks-{number}.yml").write_text(text, "utf-8")
        written += len(text.splitlines())
    return folder
