"""A procedure of any number of steps, with five fields that guards read, for measuring how proving scales.

Stages of ten steps follow one another. What was said at the opening (``scope``, ``urgent``) is asked about up to the
last stage; ``amount``, ``agreed`` and ``route`` are entered anew in every stage and decide where the case goes there.
``python -m tests.bench.generated [STEPS] [broken]`` explores one, judges it by all rules of behaviour and by twenty
guarantees (``broken``: by twenty that some run breaks), and prints the CPU time.
"""

from __future__ import annotations

import gc
import sys
import time
from datetime import date
from typing import Any

STAGE = 10
GUARANTEES: dict[str, Any] = {  # most are kept, three are not
    "in-order": {"before": {"enter": "done"}, "require": {"enter": "s0-9"}},
    "a-vote-ends": {"after": "vote", "eventually": {"enter": "any end"}},
    "carried-after-a-vote": {"before": "carried", "require": "vote", "since": "back"},
    "chosen-before-published": {"before": {"publish": "notice"}, "require": "choose"},
    "declined-once": {"at_most": {"decline": "1"}},
    "declined-is-over": {"after": "decline", "never": "measure"},
    "carried-means-voted": {"if": "carried", "also": "vote"},
    "not-both": {"never_both": ["decline", "stop"]},
    "some-end": {"one_of": [{"enter": "done"}, {"enter": "declined"}, {"enter": "stopped"}]},
    "one-end": {"exactly_one_of": [{"enter": "done"}, {"enter": "declined"}, {"enter": "stopped"}]},
    "ends-with-an-end": {"last": {"enter": "any end"}},
    "begins-with-an-opening": {"first": "opened"},
    "lost-after-a-vote": {"before": "lost", "require": "vote"},
    "done-is-over": {"after": {"enter": "done"}, "never": "choose"},
    "stage-by-stage": {"before": {"enter": "s2-0"}, "require": {"enter": "s1-9"}},
    "small-was-measured": {"before": "small", "require": "measure"},
    "measured-each-time": {"before_each": "small", "require": "measure"},
    "late-is-told": {"after": {"overdue": "s0-3"}, "eventually": {"tells": "chief"}},
    "one-arrival-at-an-end": {"exactly": {"enter": "any end"}, "times": "1"},
    "majority-is-published": {"before": {"enter": "done", "where": {"scope": "majority"}}, "require": "publish"},
}
BROKEN: dict[str, Any] = {  # some run breaks each of them
    "done-after-a-choice": {"before": {"enter": "done"}, "require": "choose"},
    "done-after-a-vote": {"before": {"enter": "done"}, "require": "vote"},
    "done-after-measuring": {"before": {"enter": "done"}, "require": "measure"},
    "choose-after-a-vote": {"before": "choose", "require": "vote"},
    "small-after-a-vote": {"before": "small", "require": "vote"},
    "vote-before-each-choice": {"before_each": "choose", "require": "vote"},
    "measured-is-voted": {"after": "measure", "eventually": "vote"},
    "chosen-is-published": {"after": "choose", "eventually": {"publish": "notice"}},
    "a-late-vote-is-told": {"after": {"overdue": "s0-3"}, "eventually": {"tells": "chief"}},
    "measured-once": {"at_most": {"measure": "1"}},
    "voted-once": {"at_most": {"vote": "1"}},
    "chosen-three-times": {"at_most": {"choose": "3"}},
    "voted-is-not-chosen": {"after": "vote", "never": "choose"},
    "measured-means-voted": {"if": "measure", "also": "vote"},
    "chosen-means-measured": {"if": "choose", "also": "measure"},
    "not-small-and-large": {"never_both": ["small", "large"]},
    "not-measured-and-plain": {"never_both": ["measure", "plain"]},
    "declined-or-stopped": {"one_of": [{"enter": "declined"}, {"enter": "stopped"}]},
    "ends-done": {"last": {"enter": "done"}},
    "measured-twice": {"exactly": "measure", "times": "2"},
}
FIELDS = {
    "scope": {"type": "choice", "of": ["household", "building", "majority"], "default": "household"},
    "urgent": {"type": "yes_no", "default": "no"},
    "amount": {"type": "count", "optional": "yes", "at_most": "99"},
    "agreed": {"type": "share", "optional": "yes"},
    "route": {"type": "choice", "of": ["office", "partner"], "optional": "yes"},
    "result": {"type": "text", "optional": "yes"},
}
PEOPLE = {
    "clerk": {"role": "coordinator", "of": "community"},
    "chief": {"role": "supervisor", "of": "community"},
}
LADDER = [
    {"before": "2 working hours", "tell": ["clerk"]},
    {"at": "deadline", "tell": ["clerk", "chief"]},
    {"after": "1 working day", "raise": "street"},
]


def procedure(steps: int, guarantees: dict[str, Any] = GUARANTEES) -> dict[str, Any]:
    """The procedure's tree, with about that many steps (a multiple of ten, and three ends)."""
    stages = max(1, steps // STAGE)
    tree: dict[str, Any] = {
        "procedure": "generated",
        "title": "Generated",
        "case_of": "community",
        "opened": {"by": ["clerk"]},
        "people": PEOPLE,
        "fields": FIELDS,
        "steps": {},
        "guarantees": guarantees,
    }
    for stage in range(stages):
        tree["steps"] |= _stage(stage, f"s{stage + 1}-0" if stage + 1 < stages else "done")
    tree["steps"] |= {name: {"title": name, "end": name} for name in ("done", "declined", "stopped")}
    return tree


def _stage(number: int, after: str) -> dict[str, Any]:
    """Ten steps: one asks, the others weigh, go back, meet and report."""

    def name(step: int) -> str:
        return f"s{number}-{step}"

    def to(target: str, **more: Any) -> dict[str, Any]:
        return {"title": target, "to": target, "by": "clerk", **more}

    actions: dict[int, dict[str, Any]] = {
        0: {
            "measure": to(name(1), needs=["amount"]),
            "plain": to(name(4), when={"scope": "household"}),
            "decline": to("declined", when={"urgent": "no"}),
        },
        1: {
            "small": to(name(2), when={"amount": {"under": "10"}}),
            "large": to(name(3), when={"amount": {"at_least": "10"}}),
        },
        2: {"go": to(name(4), needs=["result"])},
        3: {"vote": to(name(5), needs=["agreed"]), "back": to(name(0), limit="2", then="stopped")},
        4: {"choose": to(name(6), needs=["route"]), "stop": to("stopped", when={"urgent": "yes"})},
        5: {
            "carried": to(name(6), when={"agreed": {"at_least": "2/3"}}, sets={"route": "partner"}),
            "lost": to("declined", when={"agreed": {"under": "2/3"}}),
        },
        6: {
            "office": to(name(7), when={"route": "office"}),
            "partner": to(name(8), when={"route": "partner"}),
        },
        7: {"go": to(name(9))},
        8: {"go": to(name(9)), "again": to(name(6), limit="1", needs=["route"])},
        9: {
            "go": to(after, when=[{"scope": ["household", "building"]}, {"urgent": "yes"}]),
            "publish": to(after, when={"scope": "majority", "urgent": "no"}, publish="notice"),
        },
    }
    return {
        name(step): {
            "title": name(step),
            "owner": "clerk",
            "within": "3 working days",
            "ladder": LADDER,
            "actions": own,
        }
        for step, own in actions.items()
    }


def main() -> None:
    """Explore and judge, and print what it took."""
    from fujin_cli.__main__ import GARBAGE
    from fujin_cli.core.model.compile_procedure import compile_procedure
    from fujin_cli.core.model.workspace import File, Workspace
    from fujin_cli.rules.registry import rules
    from fujin_cli.rules.support.context import RuleContext

    gc.set_threshold(*GARBAGE)
    steps = next((int(word) for word in sys.argv[1:] if word.isdigit()), 1000)
    tree = procedure(steps, BROKEN if "broken" in sys.argv else GUARANTEES)
    version = compile_procedure(tree, "generated.yaml")
    workspace = Workspace(
        procedures={version.name: version}, files=(File("generated.yaml", "procedure", version.name, tree),)
    )
    listed = list(rules((3, 4)))
    begun = time.process_time()
    context = RuleContext(workspace, date(2026, 1, 1))
    found = context.explorations
    print(f"{len(version.steps)} steps; explored in {time.process_time() - begun:.2f} s of CPU")
    for exploration in found.explorations.get(version.name, ()):
        print(f"  {len(exploration.states)} states, {sum(map(len, exploration.edges))} edges")
    for rule in listed:
        since = time.process_time()
        findings = list(rule.check(context))
        print(f"  {rule.CODE}: {time.process_time() - since:.2f} s, {len(findings)} findings")
        for finding in findings[:3]:
            print(f"    {finding.message} {finding.place.route}")
    print(f"together {time.process_time() - begun:.2f} s of CPU")


if __name__ == "__main__":
    main()
