"""Two versions of one procedure, part by part: by what the parts mean, shown as the files have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from fujin_cli.core.findings.finding import Route
from fujin_cli.core.model.effects import Effects
from fujin_cli.core.model.procedure import Action, Procedure, Rung, Step
from fujin_cli.core.model.workspace import File
from fujin_cli.core.versions.changes import Change, Entry, compare_entries, plain
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
    """Every part that was added, removed, renamed or changed. Layout, comments and short forms are no difference."""
    renames = renames_between(old, new)
    before = _Parts(old, old_file, renames)
    after = _Parts(new, new_file, None)
    found = list(compare_entries("procedure", before.head(), after.head()))
    found += compare_entries("setting", before.section("settings"), after.section("settings"), renames.settings)
    found += compare_entries("people", before.section("people"), after.section("people"), renames.people)
    found += compare_entries("field", before.section("fields"), after.section("fields"), renames.fields)
    found += compare_entries("form", before.section("forms"), after.section("forms"))
    found += compare_entries("clock", before.section("clocks"), after.section("clocks"))
    found += compare_entries("step", before.steps(), after.steps(), renames.steps)
    found += _within_steps(before, after, renames)
    found += compare_entries("action", before.anytime(), after.anytime(), renames.actions)
    found += compare_entries("guarantee", before.section("guarantees"), after.section("guarantees"))
    return found


def _within_steps(before: _Parts, after: _Parts, renames: Renames) -> Iterator[Change]:
    """Actions, rungs and moves; those of a step that was added or removed as a whole are no news of their own."""
    there = {renames.step(name) for name in before.version.steps}
    kept = there & set(after.version.steps)
    for part, old, new in (
        ("action", before.actions(), after.actions()),
        ("rung", before.rungs(), after.rungs()),
        ("move", before.moves(), after.moves()),
    ):
        own = {name: entry for name, entry in old.items() if renames.step(name.partition(".")[0]) in kept}
        follow = {name: renames.action(name) for name in own if renames.action(name) != name}
        gone = {name for name, other in follow.items() if other not in new}
        own = {follow[name] if name in gone else name: entry for name, entry in own.items()}
        moved = {name: other for name, other in follow.items() if name not in gone}
        news = {name: entry for name, entry in new.items() if name.partition(".")[0] in kept}
        for change in compare_entries(part, own, news, moved):
            # a step's new name alone is told once, at the step
            if change.kind == "renamed" and change.was not in renames.actions:
                if change.details:
                    yield replace(change, kind="changed", was=None)
            else:
                yield change


class _Parts:
    """The parts of one version, as entries to compare. ``renames`` is None for the new one."""

    def __init__(self, version: Procedure, file: File, renames: Renames | None) -> None:
        self.version = version
        self.tree: Mapping[str, Any] = file.tree or {}
        self.path = file.path
        self.named = renames.every() if renames else {}

    def head(self) -> dict[str, Entry]:
        """The procedure itself: what it is called, who opens it, where a case starts."""
        opened = self.tree.get("opened") or {}
        meaning = {key: self.plain(getattr(self.version, name), key) for key, name in _HEAD.items()}
        meaning |= {f"opened.{key}": self.plain(getattr(self.version, name)) for key, name in _OPENED.items()}
        meaning["first step"] = self.plain(self.version.first)
        shown = {key: self.tree.get(key) for key in _HEAD} | {f"opened.{key}": opened.get(key) for key in _OPENED}
        return {
            self.version.name: Entry(meaning, shown | {"first step": self.version.first}, self.path, ("procedure",))
        }

    def section(self, name: str) -> dict[str, Entry]:
        """A section whose items are compared key by key."""
        trees = self.tree.get(name) or {}
        return {
            item: self._entry(made, trees.get(item), (name, item)) for item, made in getattr(self.version, name).items()
        }

    def _entry(self, made: Any, tree: Any, route: Route) -> Entry:
        """An item of a section: where its keys mean the same, a difference of writing is none."""
        keys = dict(tree) if isinstance(tree, Mapping) else {}
        keys.pop("was", None)
        return Entry(
            {key: self.plain(value, key) for key, value in keys.items()}, keys, self.path, route, self.plain(made)
        )

    def steps(self) -> dict[str, Entry]:
        """The steps by themselves: what they are called, whose they are and how long they take."""
        found = {}
        for name, step in self.version.steps.items():
            tree = self._at("steps", name)
            meaning = {key: self.plain(getattr(step, key), key) for key in _STEP_KEYS}
            found[name] = Entry(meaning, {key: tree.get(key) for key in _STEP_KEYS}, self.path, step.route)
        return found

    def actions(self) -> dict[str, Entry]:
        """What people do at a step, by rule."""
        listed = [action for step in self.version.steps.values() for action in _of_people(step)]
        return {action.rule: self._action(action) for action in listed}

    def anytime(self) -> dict[str, Entry]:
        """What people do at several steps, by rule."""
        return {action.rule: self._action(action) for action in self.version.anytime.values()}

    def moves(self) -> dict[str, Entry]:
        """What nobody does, by rule."""
        return {action.rule: self._action(action) for step in self.version.steps.values() for action in step.then}

    def rungs(self) -> dict[str, Entry]:
        """The rungs of the ladders, by names that stay when others are added."""
        found = {}
        for step in self.version.steps.values():
            for name, rung in rung_names(step):
                found[f"{step.name}.{name}"] = self._rung(rung)
        return found

    def _rung(self, rung: Rung) -> Entry:
        tree = self._at(*rung.route)
        meaning = {rung.when: rung.by} | {key: self.plain(getattr(rung, name)) for key, name in _RUNG_KEYS.items()}
        return self._with_effects(meaning, rung.effects, tree, rung.route)

    def _action(self, action: Action) -> Entry:
        meaning = {key: self.plain(getattr(action, name), key) for key, name in _ACTION_KEYS.items()}
        return self._with_effects(meaning, action.effects, self._at(*action.route), action.route)

    def _with_effects(self, meaning: dict[str, Any], effects: Effects, tree: Mapping[str, Any], route: Route) -> Entry:
        meaning |= {key: self.plain(getattr(effects, name)) for key, name in _EFFECT_KEYS.items()}
        meaning["tell"] = tuple(sorted(meaning["tell"]))  # in whatever order they are named, all are told
        return Entry(meaning, {key: tree.get(key) for key in meaning}, self.path, route)

    def plain(self, value: Any, key: str = "") -> Any:
        """What a part means, in the new version's names; a title is no name."""
        return plain(value, None if key == "title" else self.named)

    def _at(self, *route: str | int) -> Mapping[str, Any]:
        found: Any = self.tree
        for part in route:
            if isinstance(found, list) and isinstance(part, int):
                found = found[part]
            else:
                found = found.get(part) if isinstance(found, Mapping) else None
        return found if isinstance(found, Mapping) else {}


def _of_people(step: Step) -> Iterator[Action]:
    yield from step.actions.values()
    if step.reopen:
        yield step.reopen
