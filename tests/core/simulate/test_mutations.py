"""The fixed list of single edits: each is one, each changes the procedure, none is there twice."""

from __future__ import annotations

from copy import deepcopy

import pytest

from fujin_cli.core.simulate.mutations import apply_mutation, list_mutations
from tests.support.yaml_trees import city, tree_of

pytestmark = pytest.mark.slow

SMALL = """
procedure: small
people: {reporter: {contact: reporter, proof: acceptance-code}, clerk: {role: clerk, of: community}}
settings: {tries: {type: count, default: 2}}
steps:
  asked:
    owner: clerk
    within: 2 working days
    ladder: [{before: 1 hour, tell: [clerk]}, {after: 1 working day, raise: street}]
    actions:
      go:
        to: done
        by: clerk
        when: {n: {at_least: 2}}
        needs: {reason: given, day: {within: 3 days}}
        tell: {clerk: progress}
        limit: 1
        then: gone
  done: {end: done, counts_as: [answered]}
  gone: {end: gone}
"""
EDITS = """\
drop people/reporter/proof
drop steps/asked/within
drop steps/asked/owner
bound steps/asked/within → 3 working days
bound steps/asked/within → 1 working day
drop steps/asked/ladder/0
drop steps/asked/ladder/0/tell/0
bound steps/asked/ladder/0/before → 2 hours
drop steps/asked/ladder/1
bound steps/asked/ladder/1/after → 2 working days
drop steps/asked/actions/go
drop steps/asked/actions/go/by
drop steps/asked/actions/go/limit
drop steps/asked/actions/go/when
drop steps/asked/actions/go/needs/reason
drop steps/asked/actions/go/needs/day
drop-condition steps/asked/actions/go/needs/day → given
bound steps/asked/actions/go/needs/day/within → 4 days
bound steps/asked/actions/go/needs/day/within → 2 days
drop steps/asked/actions/go/tell/clerk
bound steps/asked/actions/go/limit → 2
bound steps/asked/actions/go/limit → 0
bound steps/asked/actions/go/when/n/at_least → 3
bound steps/asked/actions/go/when/n/at_least → 1
retarget steps/asked/actions/go/to → asked
retarget steps/asked/actions/go/to → gone
drop steps/asked/actions/go/then
retarget steps/asked/actions/go/then → asked
retarget steps/asked/actions/go/then → done
drop steps/done/counts_as
bound settings/tries/default → 3
bound settings/tries/default → 1
"""


def test_the_edits_of_a_small_procedure_are_exactly_these() -> None:
    assert [mutation.describe() for mutation in list_mutations(tree_of(SMALL))] == EDITS.splitlines()


@pytest.mark.parametrize("name", list(city().procedures))
def test_every_edit_of_a_shipped_procedure_is_another_procedure(name: str) -> None:
    tree = next(file.tree for file in city().files if file.kind == "procedure" and file.name == name)
    assert tree is not None
    before = deepcopy(tree)
    found = list(list_mutations(tree))
    assert len({mutation.describe() for mutation in found}) == len(found) > 20
    edited = [apply_mutation(tree, mutation) for mutation in found]
    assert tree == before
    assert all(other != tree for other in edited)
    assert len({repr(other) for other in edited}) == len(edited)


def test_what_becomes_empty_is_left_out() -> None:
    tree = tree_of("procedure: p\nsteps: {a: {actions: {go: {by: clerk, tell: [clerk]}}}}")
    drop = next(entry for entry in list_mutations(tree) if entry.describe() == "drop steps/a/actions/go/tell/0")
    assert apply_mutation(tree, drop)["steps"] == {"a": {"actions": {"go": {"by": "clerk"}}}}
