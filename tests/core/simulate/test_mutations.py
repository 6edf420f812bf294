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
anytime: {correct: {by: clerk, amends: [n, committee], except: [gone]}}
"""
EDITS = """\
add steps/asked/actions/go/by → [clerk, reporter]
replace steps/asked/actions/go/by → [reporter]
add anytime/correct/by → [clerk, reporter]
replace anytime/correct/by → [reporter]
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
drop anytime/correct
drop anytime/correct/by
drop anytime/correct/amends/0
drop anytime/correct/amends/1
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


def test_names_are_added_and_replaced_in_every_list_of_who_acts() -> None:
    tree = tree_of("""
procedure: p
opened: {by: [clerk]}
people:
  asker: {contact: asker, proof: receipt}
  neighbour: {contact: neighbour}
  clerk: {role: clerk, of: community, not: [{whoever: opened}, judge]}
  judge: {role: judge, of: community}
steps: {a: {actions: {go: {by: asker}}}}
""")
    edits = [edit.describe() for edit in list_mutations(tree) if edit.kind in ("add", "replace")]
    assert edits == [
        "add people/asker/through → [clerk]",
        "add people/asker/through → [judge]",
        'add people/clerk/not → [{"whoever": "opened"}, judge, asker]',
        'add people/clerk/not → [{"whoever": "opened"}, judge, neighbour]',
        'replace people/clerk/not → [{"whoever": "opened"}, asker]',
        'replace people/clerk/not → [{"whoever": "opened"}, neighbour]',
        *(f"add opened/by → [clerk, {name}]" for name in ("asker", "neighbour", "judge")),
        *(f"replace opened/by → [{name}]" for name in ("asker", "neighbour", "judge")),
        *(f"add steps/a/actions/go/by → [asker, {name}]" for name in ("neighbour", "clerk", "judge")),
        *(f"replace steps/a/actions/go/by → [{name}]" for name in ("neighbour", "clerk", "judge")),
    ]
    through = next(edit for edit in list_mutations(tree) if edit.route[-1] == "through")
    assert apply_mutation(tree, through)["people"]["asker"]["through"] == ["clerk"]
