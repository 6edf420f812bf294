"""The main job of fujin, end to end, in a disposable copy of the workspace: what ``make demo`` runs.

Every line that starts with ``$`` is a real command, run as a coordinator or a cron job would run it. The clock is
set by ``--now`` (the copy is a rehearsal), so the story is the same whenever it is told.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FUJIN = [sys.executable, "-m", "fujin_cli"]


class Demo:
    """Runs commands in the copy; remembers the cases, their committees' coordinators and the acceptance codes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.codes: dict[str, str] = {}
        self.served: dict[str, str] = {}  # case → the committee, or else the community, that serves it
        self.known: dict[tuple[str, str], str] = {}  # who does an action there, once the tool has said it
        self.staff = self._staff()

    def run(self, *arguments: str, now: str | None = None, stdin: str = "", show: bool = True) -> str:
        """Run ``fujin`` and show it; a command that fails ends the demo."""
        command = [*arguments, *(["--now", now] if now else [])]
        if show:
            print(f"$ fujin {' '.join(_quoted(part) for part in command)}", flush=True)
        done = subprocess.run(
            [*FUJIN, *command], cwd=self.folder, input=stdin, text=True, capture_output=True, check=False
        )
        if done.returncode:
            print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
            raise SystemExit(f"the demo stopped: exit code {done.returncode} from: fujin {' '.join(command)}")
        if show and done.stdout.strip():
            print(done.stdout.rstrip(), end="\n\n", flush=True)
        return done.stdout

    def ask(self, *arguments: str, now: str | None = None, stdin: str = "") -> dict[str, object]:
        """Run ``fujin --json`` and read its answer; the command is shown, the JSON is not."""
        print(f"$ fujin {' '.join(_quoted(part) for part in arguments)}", flush=True)
        data: dict[str, object] = json.loads(self.run(*arguments, "--json", now=now, stdin=stdin, show=False))
        return data

    def open(self, row: dict[str, str]) -> str:
        """Open a request from a line of the sample intake."""
        contact = f"name: {row['reporter_name']}\nphone: {row['reporter_phone']}\n"
        answer = self.ask(
            "case",
            "open",
            "resident-request",
            "--community",
            row["community"],
            "--channel",
            row["channel"],
            "--as",
            self.staff[row["community"]]["collector"][0],
            "--set",
            f"summary={row['summary']}",
            "--set",
            f"place={row['place']}",
            "--set",
            f"topic={row['topic']}",
            "--set",
            f"scope={row['scope']}",
            "--set",
            "reporter=@-",
            "--request-id",
            f"demo-{row['at']}-{row['summary'][:20]}",
            now=row["at"],
            stdin=contact,
        )
        case = str(answer["case"])
        self.codes[case] = str(answer["acceptance_code"])
        self.served[case] = str(answer["committee"] or row["community"])
        print(f"  {case}  {answer['step']}  {answer['due']}  {answer['committee'] or '-'}", flush=True)
        return case

    def who(self, case: str, action: str, now: str) -> str:
        """Somebody who may do the action, as the tool itself says (asked once for each committee)."""
        place = (self.served.get(case, case), action)
        if place in self.known:
            return self.known[place]
        answer = json.loads(self.run("case", "actions", case, "--json", now=now, show=False))
        for entry in answer["actions"]:
            if entry["action"] == action:
                people = [who for who in entry["who"] if who != "reporter"]
                self.known[place] = str(people[0])
                return self.known[place]
        raise SystemExit(f"the demo stopped: {case} has no action {action}")

    def do(self, case: str, action: str, now: str, *more: str, code: bool = False) -> dict[str, object]:
        """Do an action as the first one who may."""
        proof = ["--code", self.codes[case]] if code else []
        actor = self.who(case, action, now)
        answer = self.ask("case", "advance", case, action, "--as", actor, *more, *proof, now=now)
        if answer.get("acceptance_code"):
            self.codes[case] = str(answer["acceptance_code"])
        outcome = f" ({answer['outcome']})" if answer["outcome"] else ""
        print(f"  {answer['from']} → {answer['step']}{outcome}", flush=True)
        return answer

    def orders(self, case: str, now: str) -> list[str]:
        """The open work orders of a case."""
        shown = json.loads(self.run("case", "show", case, "--json", now=now, show=False))
        return [str(order["case"]) for order in shown["orders"] if order["outcome"] is None]

    def carry_out(self, case: str, now: str) -> None:
        """Every open order of the case is acknowledged, reported done and verified."""
        for order in self.orders(case, now):
            self.do(order, "acknowledge", now)
            self.do(order, "report-done", now, "--set", "result=已按要求处理完毕")
            self.do(order, "verify", now)

    def _staff(self) -> dict[str, dict[str, list[str]]]:
        found: dict[str, dict[str, list[str]]] = {}
        for entry in json.loads(self._read("community", "list"))["communities"]:
            roster = json.loads(self._read("roster", "show", entry["community"]))
            roles: dict[str, list[str]] = {}
            for person in roster["entries"]:
                for role in person["roles"]:
                    roles.setdefault(role, []).append(person["person"])
            found[entry["community"]] = roles
        return found

    def _read(self, *arguments: str) -> str:
        return self.run(*arguments, "--json", show=False)


def _quoted(text: str) -> str:
    return text if re.fullmatch(r"[\w./:@=+-]+", text) else "'" + text.replace("'", "'\\''") + "'"


def heading(chinese: str, english: str) -> None:
    """A heading between the parts of the story."""
    print(f"\n── {chinese} · {english} ──\n", flush=True)


def copy_workspace(folder: Path) -> None:
    """The configuration without any ledger, marked as a rehearsal so that the clock may be set."""
    shutil.copytree(ROOT / "workflows", folder / "workflows")
    shutil.copytree(ROOT / "data" / "samples", folder / "data" / "samples")
    head = folder / "workflows" / "workspace.yaml"
    head.write_text(re.sub(r"^rehearsal: .*$", "rehearsal: yes", head.read_text("utf-8"), flags=re.M), "utf-8")


@dataclass
class Story:
    """What the parts of the story hand on to each other."""

    small: list[str] = field(default_factory=list)  # cases that do not need a conference
    joined_into: str = ""

    @property
    def handled(self) -> list[str]:
        """The cases that go the whole way."""
        return list(dict.fromkeys([*self.small[:6], self.joined_into]))


def intake(demo: Demo) -> Story:
    """Two weeks of requests: most are accepted at once, one is declined, some were reported before."""
    with (demo.folder / "data" / "samples" / "requests.csv").open(encoding="utf-8", newline="") as file:
        rows = dict(enumerate(csv.DictReader(file), 1))
    heading("受理诉求、及时接单：两周的来件", "two weeks of intake, accepted in time")
    left_waiting = {n for n, row in rows.items() if row["same_as"]} | {9, len(rows)}
    cases: dict[int, str] = {}
    for n, row in rows.items():
        cases[n] = demo.open(row)
        if n not in left_waiting:
            demo.do(cases[n], "accept", row["at"])
    heading("不予受理要有理由；重复诉求并案", "decline with a reason; merge what was reported twice")
    now = "2026-06-12T16:35"
    demo.do(cases[len(rows)], "decline", now, "--set", "reason=不属于社区职责范围，已告知应向物业合同方主张")
    repeats = {n: int(row["same_as"]) for n, row in rows.items() if row["same_as"]}
    for n, first in repeats.items():
        demo.ask("case", "merge", cases[n], cases[first], "--as", demo.who(cases[n], "merge", now), now=now)
        print(f"  {cases[n]} → {cases[first]}", flush=True)
    small = [cases[n] for n, row in rows.items() if row["scope"] != "majority" and n not in left_waiting]
    return Story(small, cases[next(iter(repeats.values()))])


def handling(demo: Demo, story: Story) -> None:
    """One lead and N partners each; one partner turns its order away."""
    heading("组团派单 1+N；退单改派", "dispatch one lead and N partners; one bounces and is dispatched again")
    partners = [p["partner"] for p in json.loads(demo.run("partner", "list", "--json", show=False))["partners"]]
    lead, second, third = partners[:3]
    now = "2026-06-12T16:40"
    for case in story.handled:
        demo.do(case, "dispatch", now, "--set", f"lead={lead}", "--set", f"partners={second}")
    now = "2026-06-15T08:40"
    bounced = story.small[1]
    demo.do(demo.orders(bounced, now)[1], "bounce", now, "--set", "reason=不在本单位管辖范围")
    for case in story.handled:
        demo.carry_out(case, now)
    demo.do(bounced, "redispatch", now, "--set", f"lead={third}", "--set", "reason=原单位退单，改派")
    demo.carry_out(bounced, now)


def accepting(demo: Demo, story: Story) -> None:
    """Finished, refused once and worked at again, accepted by code; one cannot be reached, one comes back."""
    heading("办结反馈；不满意返工；凭码验收销号", "finish; one refuses; accepted by code")
    now = "2026-06-15T10:00"
    refused, silent = story.small[0], story.small[3]
    for case in dict.fromkeys([*story.small[:5], story.joined_into]):
        demo.do(case, "finish", now, "--set", "result=已修复并现场清理")
    demo.do(refused, "refuse", now, "--set", "reason=只修了一半", code=True)
    demo.carry_out(refused, now)
    demo.do(refused, "finish", now, "--set", "result=已全部修复")
    for case in dict.fromkeys([*story.small[:3], story.joined_into]):
        demo.do(case, "approve", now, code=True)
    heading("联系不上：沉默不等于满意", "nobody answers: silence is not consent")
    for moment in ("2026-06-15T10:05", "2026-06-15T16:10", "2026-06-16T13:45", "2026-06-17T09:20"):
        demo.do(silent, "try", moment)
    demo.do(silent, "give-up", "2026-06-17T11:00")
    heading("复发重开", "one comes back and is reopened")
    demo.do(story.small[2], "reopen", "2026-06-17T11:05", "--set", "reason=同样的问题又出现了", code=True)


def account(demo: Demo, story: Story) -> None:
    """What cron does, and what the coordinator sees."""
    now = "2026-06-18T09:00"
    heading("到时督办：tick 由 cron 运行", "what time has brought: cron runs tick")
    demo.run("tick", now=now)
    demo.run("tick", now=now)
    heading("民情台账", "the ledger")
    demo.run("case", "show", story.small[0], now=now)
    demo.run("case", "list", "--overdue", "--community", "XF03", now=now)
    demo.run("outbox", "list", "--community", "XF12", now=now)
    demo.run("status", now=now)
    demo.run("ledger", "verify")


def tell(demo: Demo) -> None:
    """The whole story."""
    heading("配置校验", "the configuration is checked")
    demo.run("validate")
    story = intake(demo)
    handling(demo, story)
    accepting(demo, story)
    account(demo, story)


def main() -> None:
    """Tell the story in a temporary folder, which is removed afterwards (FUJIN_DEMO_KEEP=DIR keeps it there)."""
    keep = os.environ.get("FUJIN_DEMO_KEEP")
    with tempfile.TemporaryDirectory(prefix="fujin-demo-") as temporary:
        folder = Path(keep or temporary)
        copy_workspace(folder)
        tell(Demo(folder))


if __name__ == "__main__":
    main()
