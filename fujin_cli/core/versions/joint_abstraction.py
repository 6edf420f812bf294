"""Abstract the cases of two versions by the same questions about fields, so that their runs can be compared."""

from __future__ import annotations

from collections.abc import Mapping

from fujin_cli.core.explore.abstraction import Questions, collect_input_questions
from fujin_cli.core.explore.domains import Probe, is_within_limits
from fujin_cli.core.explore.questions import collect_questions
from fujin_cli.core.model.procedure import Field, Procedure
from fujin_cli.core.versions.changes import comparable_value
from fujin_cli.core.versions.renames import find_renames

AllQuestions = dict[str, dict[str, Questions]]
_ASIDE = ("title", "public", "choices")


def join_questions(old: Mapping[str, Procedure], new: Mapping[str, Procedure]) -> tuple[AllQuestions, AllQuestions]:
    """List the questions about each procedure's fields; for procedures that both versions have, those of either."""
    before, after = collect_questions(old), collect_questions(new)
    for name in before.keys() & after.keys():
        _join_procedure_questions(old[name], new[name], before[name], after[name])
    return before, after


def _join_procedure_questions(
    old: Procedure, new: Procedure, before: dict[str, Questions], after: dict[str, Questions]
) -> None:
    renamed = find_renames(old, new).fields
    old_names = {new_name: old_name for old_name, new_name in renamed.items()}
    entered = _list_entered_fields(new, {}) ^ _list_entered_fields(old, renamed)
    changed_inputs = {name for _, name, _ in entered}
    for name, field in new.fields.items():
        was = old_names.get(name, name)
        old_field = old.fields.get(was)
        if old_field is None:
            after.setdefault(name, collect_input_questions(new, name))
            continue
        changed = _field_meaning(old_field) != _field_meaning(field)
        if was not in before and name not in after and not changed and name not in changed_inputs:
            continue
        mine = before.get(was) or collect_input_questions(old, was)
        theirs = after.get(name) or collect_input_questions(new, name)
        before[was], after[name] = _join_field_questions(mine, theirs, old_field, field, changed)
    for name in old.fields:
        if renamed.get(name, name) not in new.fields:
            before.setdefault(name, collect_input_questions(old, name))


def _join_field_questions(
    before: Questions, after: Questions, old: Field, new: Field, changed: bool
) -> tuple[Questions, Questions]:
    if old.type != new.type or old.item_type != new.item_type:
        return before, after
    probes = before.probes + after.probes
    bounds = before.bounds + after.bounds
    if changed:
        probes += (_make_acceptance_probe(old), _make_acceptance_probe(new))
        bounds += tuple(bound for bound in (old.at_least, old.at_most, new.at_least, new.at_most) if bound is not None)
        if old.of != new.of:
            probes += (str,)
    joint = Questions(probes, bounds)
    return joint, joint


def _make_acceptance_probe(field: Field) -> Probe:
    return lambda value: is_within_limits(field, value)


def _field_meaning(field: Field) -> tuple[tuple[str, object], ...]:
    return tuple((key, value) for key, value in comparable_value(field) if key not in (*_ASIDE, "name"))


def _list_entered_fields(version: Procedure, renamed: Mapping[str, str]) -> set[tuple[str, str, object]]:
    """List which action asks for which field, and the conditions on its value."""
    return {
        (action.name, renamed.get(input.field, input.field), (must, comparable_value(input.conditions, renamed)))
        for _, action in version.all_actions()
        for must, listed in ((True, action.needs), (False, action.optional_inputs))
        for input in listed
    }
