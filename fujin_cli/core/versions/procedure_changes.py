"""Compare two versions of one procedure part by part: by what parts mean, displayed as the files have them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from fujin_cli.core.cases.child_outcomes import map_outcomes
from fujin_cli.core.findings.finding import Route
from fujin_cli.core.model.effects import Effects
from fujin_cli.core.model.ids import RuleName
from fujin_cli.core.model.procedure import Action, Procedure, Step
from fujin_cli.core.model.rung_types import Rung
from fujin_cli.core.model.workspace import File
from fujin_cli.core.versions.changes import Change, VersionedPart, comparable_value, compare_parts
from fujin_cli.core.versions.ladder_matching import name_rungs
from fujin_cli.core.versions.renames import NO_CHILDREN, Renames, find_renames

_ACTION_KEYS = {
    "title": "title",
    "to": "to",
    "by": "by",
    "when": "when",
    "needs": "needs",
    "may": "may",
    "amends": "amended_names",
    "limit": "limit",
    "then": "then",
    "spaced": "spaced",
    "stops_clock_until": "stops_clock_until",
    "within": "window",
    "in": "only_in",
    "except": "except_in",
}
_RUNG_KEYS = {"raise": "raises", "to": "to", "limit": "limit", "then": "then"}
_EFFECT_KEYS = {
    "tell": "tells",
    "publish": "publish",
    "opens": "opens",
    "does": "does",
    "sets": "sets",
    "adds": "adds",
}
_STEP_KEYS = ("title", "owner", "within", "lasts", "on_enter", "end", "counts_as")
_HEAD = {"title": "title", "case_of": "case_of"}
_OPENED = {"by": "opened_by", "from": "channels", "gives": "gives"}


def compare_procedure(
    old: Procedure, old_file: File, new: Procedure, new_file: File, children: Mapping[str, Procedure] = NO_CHILDREN
) -> list[Change]:
    """List every part that was added, removed, renamed or changed; layout, comments and short forms do not count."""
    renames = find_renames(old, new, children)
    before = _ProcedureParts(old, old_file, renames)
    after = _ProcedureParts(new, new_file, None)
    changes = list(compare_parts("procedure", before.read_head(), after.read_head()))
    changes += compare_parts(
        "setting", before.read_section("settings"), after.read_section("settings"), renames.settings
    )
    changes += compare_parts("people", before.read_section("people"), after.read_section("people"), renames.people)
    changes += compare_parts("field", before.read_section("fields"), after.read_section("fields"), renames.fields)
    changes += compare_parts("form", before.read_section("forms"), after.read_section("forms"))
    changes += compare_parts(
        "child group",
        before.read_groups({*new.groups, *renames.groups}),
        after.read_groups({*old.groups, *renames.groups.values()}),
        renames.groups,
    )
    changes += compare_parts(
        "outcome",
        before.read_outcomes(renames.outcomes),
        after.read_outcomes(renames.outcomes.values()),
        renames.outcomes,
    )
    changes += compare_parts("clock", before.read_section("clocks"), after.read_section("clocks"))
    changes += compare_parts("step", before.read_steps(), after.read_steps(), renames.steps)
    changes += _compare_inside_steps(before, after, renames)
    changes += compare_parts("action", before.read_anytime_actions(), after.read_anytime_actions(), renames.actions)
    changes += compare_parts("guarantee", before.read_section("guarantees"), after.read_section("guarantees"))
    return changes


def _compare_inside_steps(before: _ProcedureParts, after: _ProcedureParts, renames: Renames) -> Iterator[Change]:
    """Compare actions, rungs and automatic moves of the steps that both versions have."""
    new_step_names = {renames.new_step_name(name) for name in before.version.steps}
    common_steps = new_step_names & set(after.version.steps)
    for part, old, new in (
        ("action", before.read_actions(), after.read_actions()),
        ("rung", before.read_rungs(), after.read_rungs()),
        ("move", before.read_automatic_moves(), after.read_automatic_moves()),
    ):
        own = {name: owner for name, owner in old.items() if renames.new_step_name(RuleName(name).step) in common_steps}
        new_rules = {name: renames.new_rule(name) for name in own if renames.new_rule(name) != name}
        unmatched = {name for name, new_rule in new_rules.items() if new_rule not in new}
        own = {new_rules[name] if name in unmatched else name: owner for name, owner in own.items()}
        renamed = {name: new_rule for name, new_rule in new_rules.items() if name not in unmatched}
        later = {name: owner for name, owner in new.items() if RuleName(name).step in common_steps}
        for change in compare_parts(part, own, later, renamed):
            # a step's new name is reported once, at the step
            if change.kind == "renamed" and change.was not in renames.actions:
                if change.details:
                    yield replace(change, kind="changed", was=None)
            else:
                yield change


class _ProcedureParts:
    """Read the parts of one version for comparison. ``renames`` is None for the new one."""

    def __init__(self, version: Procedure, file: File, renames: Renames | None) -> None:
        self.version = version
        self.tree: Mapping[str, Any] = file.tree or {}
        self.path = file.path
        self.named = renames.merge_names() if renames else {}

    def read_head(self) -> dict[str, VersionedPart]:
        """Read the procedure's own keys: its title, who opens a case, where a case starts."""
        opened = self.tree.get("opened") or {}
        meaning = {key: self.comparable_in_new_names(getattr(self.version, name), key) for key, name in _HEAD.items()}
        meaning |= {
            f"opened.{key}": self.comparable_in_new_names(getattr(self.version, name)) for key, name in _OPENED.items()
        }
        meaning["first step"] = self.comparable_in_new_names(self.version.first_step)
        displayed = {key: self.tree.get(key) for key in _HEAD} | {f"opened.{key}": opened.get(key) for key in _OPENED}
        return {
            self.version.name: VersionedPart(
                meaning, displayed | {"first step": self.version.first_step}, self.path, ("procedure",)
            )
        }

    def read_section(self, name: str) -> dict[str, VersionedPart]:
        """Read a section whose parts are compared key by key."""
        trees = self.tree.get(name) or {}
        return {
            name_inside: self._read_section_part(compiled, trees.get(name_inside), (name, name_inside))
            for name_inside, compiled in getattr(self.version, name).items()
        }

    def _read_section_part(self, compiled: Any, tree: Any, route: Route) -> VersionedPart:
        """Read a part of a section; its compiled meaning tells whether a difference is more than one of writing."""
        keys = dict(tree) if isinstance(tree, Mapping) else {}
        keys.pop("was", None)
        return VersionedPart(
            {key: self.comparable_in_new_names(value, key) for key, value in keys.items()},
            keys,
            self.path,
            route,
            self.comparable_in_new_names(compiled),
        )

    def read_groups(self, compared: Collection[str]) -> dict[str, VersionedPart]:
        """Read the groups of child cases that are declared, or in ``compared``; what opens them belongs to actions."""
        opened, parts = self.version.openings_by_group(), {}
        for name in opened:
            declared = self.version.groups.get(name)
            if declared is not None or name in compared:
                title = declared.title if declared else None
                meaning = {"title": self.comparable_in_new_names(title, "title")}
                route = declared.route if declared else opened[name][0].route
                parts[name] = VersionedPart(meaning, {"title": title}, self.path, route)
        return parts

    def read_outcomes(self, compared: Iterable[str]) -> dict[str, VersionedPart]:
        """Read the outcomes in ``compared``: those that were renamed. Of the others, the ends say everything."""
        ends = map_outcomes(self.version)
        return {name: VersionedPart({}, {}, self.path, (*ends[name].route, "end")) for name in compared if name in ends}

    def read_steps(self) -> dict[str, VersionedPart]:
        """Read the steps without their actions, moves and ladders."""
        parts = {}
        for name, step in self.version.steps.items():
            tree = self._tree_at("steps", name)
            meaning = {key: self.comparable_in_new_names(getattr(step, key), key) for key in _STEP_KEYS}
            parts[name] = VersionedPart(meaning, {key: tree.get(key) for key in _STEP_KEYS}, self.path, step.route)
        return parts

    def read_actions(self) -> dict[str, VersionedPart]:
        """Read the actions at steps, by rule."""
        listed = [action for step in self.version.steps.values() for action in _actions_of(step)]
        return {action.rule: self._read_action(action) for action in listed}

    def read_anytime_actions(self) -> dict[str, VersionedPart]:
        """Read the actions that are possible at several steps, by rule."""
        return {action.rule: self._read_action(action) for action in self.version.anytime.values()}

    def read_automatic_moves(self) -> dict[str, VersionedPart]:
        """Read the automatic moves, by rule."""
        return {action.rule: self._read_action(action) for step in self.version.steps.values() for action in step.then}

    def read_rungs(self) -> dict[str, VersionedPart]:
        """Read the rungs of the ladders, by names that stay when other rungs are added."""
        parts = {}
        for step in self.version.steps.values():
            for name, rung in name_rungs(step):
                parts[f"{step.name}.{name}"] = self._read_rung(rung)
        return parts

    def _read_rung(self, rung: Rung) -> VersionedPart:
        tree = self._tree_at(*rung.route)
        meaning = {rung.when: rung.by} | {
            key: self.comparable_in_new_names(getattr(rung, name)) for key, name in _RUNG_KEYS.items()
        }
        return self._make_part_with_effects(meaning, rung.effects, tree, rung.route)

    def _read_action(self, action: Action) -> VersionedPart:
        meaning = {key: self.comparable_in_new_names(getattr(action, name), key) for key, name in _ACTION_KEYS.items()}
        return self._make_part_with_effects(meaning, action.effects, self._tree_at(*action.route), action.route)

    def _make_part_with_effects(
        self, meaning: dict[str, Any], effects: Effects, tree: Mapping[str, Any], route: Route
    ) -> VersionedPart:
        meaning |= {key: self.comparable_in_new_names(getattr(effects, name)) for key, name in _EFFECT_KEYS.items()}
        meaning["tell"] = tuple(sorted(meaning["tell"]))  # the order in which people are told means nothing
        return VersionedPart(meaning, {key: tree.get(key) for key in meaning}, self.path, route)

    def comparable_in_new_names(self, value: Any, key: str = "") -> Any:
        """Reduce a value to what it means, in the new version's names; titles contain no names."""
        return comparable_value(value, None if key == "title" else self.named)

    def _tree_at(self, *route: str | int) -> Mapping[str, Any]:
        node: Any = self.tree
        for part in route:
            if isinstance(node, list) and isinstance(part, int):
                node = node[part]
            else:
                node = node.get(part) if isinstance(node, Mapping) else None
        return node if isinstance(node, Mapping) else {}


def _actions_of(step: Step) -> Iterator[Action]:
    yield from step.actions.values()
    if step.reopen:
        yield step.reopen
