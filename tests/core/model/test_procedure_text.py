"""What the ledger keeps of a procedure gives the same procedure again."""

import json

from fujin_cli.core.model.compile_procedure import compile_procedure
from fujin_cli.core.model.ids import procedure_text

TREE = {
    "procedure": "sample",
    "title": {"zh": "样例", "en": "Sample"},
    "opened": {"by": ["resident"]},
    "fields": {"zeta": {"type": "text"}, "alpha": {"type": "text"}},
    "steps": {"waiting": {"actions": {"go": {"to": "done", "by": "resident"}}}, "done": {"end": "done"}},
}


def test_a_kept_law_starts_where_the_procedure_starts_and_lists_fields_in_its_order() -> None:
    kept = compile_procedure(json.loads(procedure_text(TREE)))
    assert kept.first_step == "waiting"
    assert list(kept.fields) == ["zeta", "alpha"]
    assert kept.digest == compile_procedure(TREE).digest


def test_another_order_of_steps_is_another_law() -> None:
    turned = {**TREE, "steps": dict(reversed(TREE["steps"].items()))}
    assert compile_procedure(turned).first_step == "done"
    assert compile_procedure(turned).digest != compile_procedure(TREE).digest
