"""Compare two versions of one procedure part by part: by what parts mean, displayed as the files have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from fujin_cli.core.findings.finding import Route
from fujin_cli.core.model.effects import Effects
from fujin_cli.core.model.ids import RuleName
from fujin_cli.core.model.procedure import Action, Procedure, Rung, Step
from fujin_cli.core.model.workspace import File
from fujin_cli.core.versions.changes import Change, VersionedPart, compare_parts, plain
from fujin_cli.core.versions.ladder_matching import rung_names
from fujin_cli.core.versions.renames import Renames, renames_between

_ACTION_KEYS = {
    "title": "title",
    "to": "to",
    "by": "by",
    "when": "when",
    "needs": "needs",
    "may": "may",
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


def compare_procedure(old: Procedure, old_file: File, new: Procedure, new_file: File) -> list[Change]:
    """List every part that was added, removed, renamed or changed; layout, comments and short forms do not count."""
    renames = renames_between(old, new)
    before = _ProcedureParts(old, old_file, renames)
    after = _ProcedureParts(new, new_file, None)
    changes = list(compare_parts("procedure", before.head(), after.head()))
    changes += compare_parts("setting", before.section("settings"), after.section("settings"), renames.settings)
    changes += compare_parts("people", before.section("people"), after.section("people"), renames.people)
    changes += compare_parts("field", before.section("fields"), after.section("fields"), renames.fields)
    changes += compare_parts("form", before.section("forms"), after.section("forms"))
    changes += compare_parts("clock", before.section("clocks"), after.section("clocks"))
    changes += compare_parts("step", before.steps(), after.steps(), renames.steps)
    changes += _within_steps(before, after, renames)
    changes += compare_parts("action", before.anytime(), after.anytime(), renames.actions)
    changes += compare_parts("guarantee", before.section("guarantees"), after.section("guarantees"))
    return changes


def _within_steps(before: _ProcedureParts, after: _ProcedureParts, renames: Renames) -> Iterator[Change]:
    """Compare actions, rungs and automatic moves of the steps that both versions have."""
    new_step_names = {renames.step(name) for name in before.version.steps}
    common_steps = new_step_names & set(after.version.steps)
    for part, old, new in (
        ("action", before.actions(), after.actions()),
        ("rung", before.rungs(), after.rungs()),
        ("move", before.moves(), after.moves()),
    ):
        own = {name: owner for name, owner in old.items() if renames.step(RuleName(name).step) in common_steps}
        new_rules = {name: renames.action(name) for name in own if renames.action(name) != name}
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
        self.named = renames.all_names() if renames else {}

    def head(self) -> dict[str, VersionedPart]:
        """Read the procedure's own keys: its title, who opens a case, where a case starts."""
        opened = self.tree.get("opened") or {}
        meaning = {key: self.plain(getattr(self.version, name), key) for key, name in _HEAD.items()}
        meaning |= {f"opened.{key}": self.plain(getattr(self.version, name)) for key, name in _OPENED.items()}
        meaning["first step"] = self.plain(self.version.first)
        displayed = {key: self.tree.get(key) for key in _HEAD} | {f"opened.{key}": opened.get(key) for key in _OPENED}
        return {
            self.version.name: VersionedPart(
                meaning, displayed | {"first step": self.version.first}, self.path, ("procedure",)
            )
        }

    def section(self, name: str) -> dict[str, VersionedPart]:
        """Read a section whose parts are compared key by key."""
        trees = self.tree.get(name) or {}
        return {
            name_inside: self._section_part(compiled, trees.get(name_inside), (name, name_inside))
            for name_inside, compiled in getattr(self.version, name).items()
        }

    def _section_part(self, compiled: Any, tree: Any, route: Route) -> VersionedPart:
        """Read a part of a section; its compiled meaning tells whether a difference is more than one of writing."""
        keys = dict(tree) if isinstance(tree, Mapping) else {}
        keys.pop("was", None)
        return VersionedPart(
            {key: self.plain(value, key) for key, value in keys.items()}, keys, self.path, route, self.plain(compiled)
        )

    def steps(self) -> dict[str, VersionedPart]:
        """Read the steps without their actions, moves and ladders."""
        parts = {}
        for name, step in self.version.steps.items():
            tree = self._at("steps", name)
            meaning = {key: self.plain(getattr(step, key), key) for key in _STEP_KEYS}
            parts[name] = VersionedPart(meaning, {key: tree.get(key) for key in _STEP_KEYS}, self.path, step.route)
        return parts

    def actions(self) -> dict[str, VersionedPart]:
        """Read the actions at steps, by rule."""
        listed = [action for step in self.version.steps.values() for action in _actions_of(step)]
        return {action.rule: self._action(action) for action in listed}

    def anytime(self) -> dict[str, VersionedPart]:
        """Read the actions that are possible at several steps, by rule."""
        return {action.rule: self._action(action) for action in self.version.anytime.values()}

    def moves(self) -> dict[str, VersionedPart]:
        """Read the automatic moves, by rule."""
        return {action.rule: self._action(action) for step in self.version.steps.values() for action in step.then}

    def rungs(self) -> dict[str, VersionedPart]:
        """Read the rungs of the ladders, by names that stay when other rungs are added."""
        parts = {}
        for step in self.version.steps.values():
            for name, rung in rung_names(step):
                parts[f"{step.name}.{name}"] = self._rung(rung)
        return parts

    def _rung(self, rung: Rung) -> VersionedPart:
        tree = self._at(*rung.route)
        meaning = {rung.when: rung.by} | {key: self.plain(getattr(rung, name)) for key, name in _RUNG_KEYS.items()}
        return self._with_effects(meaning, rung.effects, tree, rung.route)

    def _action(self, action: Action) -> VersionedPart:
        meaning = {key: self.plain(getattr(action, name), key) for key, name in _ACTION_KEYS.items()}
        return self._with_effects(meaning, action.effects, self._at(*action.route), action.route)

    def _with_effects(
        self, meaning: dict[str, Any], effects: Effects, tree: Mapping[str, Any], route: Route
    ) -> VersionedPart:
        meaning |= {key: self.plain(getattr(effects, name)) for key, name in _EFFECT_KEYS.items()}
        meaning["tell"] = tuple(sorted(meaning["tell"]))  # the order in which people are told means nothing
        return VersionedPart(meaning, {key: tree.get(key) for key in meaning}, self.path, route)

    def plain(self, value: Any, key: str = "") -> Any:
        """Reduce a value to what it means, in the new version's names; titles contain no names."""
        return plain(value, None if key == "title" else self.named)

    def _at(self, *route: str | int) -> Mapping[str, Any]:
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
