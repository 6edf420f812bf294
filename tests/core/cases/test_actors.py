"""Who a name of a procedure is, and who may act under it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from fujin_cli.core.cases.actors import People
from fujin_cli.core.cases.case import Case
from fujin_cli.core.findings.refusals import FOUR_EYES, NOT_ENTITLED, Refusal
from fujin_cli.core.text.localized import say
from tests.support.small_town import procedure, sandbox, town
from tests.support.yaml_trees import tree_of

STEPS = "steps: {one: {owner: clerk, actions: {go: {to: two, by: [who]}}}, two: {end: done}}"


def people_of(who: str, case: Case | None = None, more: str = "", day: date = date(2026, 6, 1)) -> People:
    """The names of a procedure whose ``who`` is declared like that."""
    tree = procedure(STEPS)
    tree["people"] = {**tree["people"], **tree_of(f"who: {who}"), **(tree_of(more) if more else {})}
    workspace = town(tree)
    case = case or Case("C1-202606a-0001", community="C1", committee="C1-pipes")
    return People(case, workspace.procedures["loop"], workspace.organisation, day)


def resolved(who: str, **options: object) -> tuple[str, ...]:
    return people_of(who, **options).resolve_name("who")  # type: ignore[arg-type]


def carrying(**values: object) -> Case:
    return Case("C1-202606a-0001", community="C1", committee="C1-pipes", values=values)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("{role: coordinator, of: committee}", ("head-1",)),
        ("{role: coordinator, of: community}", ("coordinator-1", "both-1")),
        ("{role: supervisor, of: street}", ("street-1", "street-2")),
        ("{role: supervisor, of: city}", ("city-1",)),
        ("{seat: head, of: committee}", ("head-1",)),
        ("{seat: member, of: committee}", ("member-1", "member-2")),
        ("{members: committee}", ("head-1", "member-1", "member-2")),
        (
            "{groups: {heads: {seat: head, of: committee}, street: {role: supervisor, of: street}}}",
            ("head-1", "street-1", "street-2"),
        ),
        ("{anyone: resident}", ()),
        ("{those_who: {sheets: in}}", ()),
        ("{role: nobody, of: community}", ()),
    ],
)
def test_names_of_the_organisation(who: str, expected: tuple[str, ...]) -> None:
    assert resolved(who) == expected


@pytest.mark.parametrize(
    ("who", "values", "expected"),
    [
        ("{partner: lead}", {"lead": "works"}, ("works",)),
        ("{partner: lead}", {"lead": ["works", "power"]}, ("works", "power")),
        ("{partner: lead}", {}, ()),
        ("{person: judge}", {"judge": "clerk-1"}, ("clerk-1",)),
        ("{members: jury}", {"jury": ["clerk-1", "head-1"]}, ("clerk-1", "head-1")),
        ("{contact: tel}", {"tel": "vault:c-1"}, ("vault:c-1",)),
        ("{contact: tel}", {}, ("who",)),
        ("{contact: tel, with: others}", {"tel": "a", "others": ["b", "a"]}, ("a", "b")),
    ],
)
def test_names_of_fields(who: str, values: dict[str, object], expected: tuple[str, ...]) -> None:
    assert resolved(who, case=carrying(**values)) == expected


def test_a_name_that_nobody_declared_is_nobody() -> None:
    assert people_of("{role: clerk, of: community}").resolve_name("stranger") == ()


def test_a_case_without_a_committee_is_served_by_the_community_office() -> None:
    environment = Case("C1-202606a-0001", community="C1")
    assert resolved("{role: coordinator, of: committee}", case=environment) == ("coordinator-1", "both-1")
    assert resolved("{members: committee}", case=environment) == ()


def test_terms_of_office_count_to_their_last_day() -> None:
    clerks = "{role: clerk, of: community}"
    assert resolved(clerks, day=date(2026, 6, 1)) == ("clerk-1", "former-1")
    assert resolved(clerks, day=date(2026, 6, 2)) == ("clerk-1",)
    assert resolved(clerks, day=date(2026, 6, 3)) == ("clerk-1", "next-1")


def test_a_community_nobody_declared_has_no_street() -> None:
    assert resolved("{role: supervisor, of: street}", case=Case("X", community="C9")) == ()


# not


def test_not_excludes_who_somebody_is() -> None:
    assert resolved("{role: inspector, of: community, not: [coordinator]}") == ("inspector-1",)
    assert resolved("{role: inspector, of: community, not: {role: coordinator, of: community}}") == ("inspector-1",)


def test_not_excludes_each_other() -> None:
    first = people_of(
        "{role: inspector, of: community, not: [other]}",
        more="other: {role: coordinator, of: community, not: [who]}",
    )
    assert first.resolve_name("who") == ("inspector-1",)
    assert first.resolve_name("other") == ("coordinator-1",)


def test_not_excludes_who_has_acted_or_entered_under_that_name() -> None:
    d = sandbox("""
        people:
          handler: {partner: lead, through: [deputy]}
          deputy: {groups: {inspectors: {role: inspector, of: community}}}
          judge: {role: inspector, of: community, not: [handler]}
          clerk: {role: clerk, of: community}
        fields: {lead: {type: partner, default: works}}
        steps:
          one: {owner: handler, actions: {go: {to: two, by: handler}}}
          two: {owner: judge, actions: {judge: {to: three, by: judge}}}
          three: {end: done}
        """)
    case = d.open("loop", "clerk-1")
    d.do(case, "go", "inspector-1")
    assert d.refused(case, "judge", "inspector-1").code == NOT_ENTITLED
    assert d.refused(case, "judge", "inspector-1").who == ("both-1",)
    d.do(case, "judge", "both-1")


# through


def test_a_partner_is_answered_for_by_the_coordinator() -> None:
    d = sandbox("""
        people:
          partner: {partner: lead, through: [coordinator]}
          coordinator: {role: coordinator, of: community}
          clerk: {role: clerk, of: community}
        fields: {lead: {type: partner, optional: yes}}
        steps: {one: {owner: clerk, actions: {answer: {by: partner}, name: {by: clerk, needs: [lead]}}}}
        """)
    case = d.open("loop", "clerk-1")
    assert d.refused(case, "answer", "coordinator-1").code == NOT_ENTITLED  # nobody to answer for
    d.do(case, "name", "clerk-1", lead="works")
    [(_, event)] = d.do(case, "answer", "coordinator-1")
    assert (event.by, event.entered_by, event.data["on_behalf_of"]) == ("works", "coordinator-1", "works")
    [(_, event)] = d.do(case, "answer", "works")
    assert (event.by, event.entered_by, event.data.get("on_behalf_of")) == ("works", "works", None)
    refusal = d.refused(case, "answer", "power")
    assert refusal.who == ("works",)
    assert "power may not do this" in str(refusal.message)


# whoever, anyone


def test_whoever_opened_it() -> None:
    d = sandbox("""
        people: {author: {whoever: opened}, clerk: {role: clerk, of: community}}
        steps: {one: {owner: author, actions: {go: {to: two, by: author}}}, two: {end: done}}
        """)
    case = d.open("loop", "former-1")
    assert d.refused(case, "go", "clerk-1").code == NOT_ENTITLED
    d.do(case, "go", "former-1")


def test_whoever_had_a_hand_in_another_case() -> None:
    d = sandbox(
        """
        people:
          judge: {role: inspector, of: community, not: [{whoever: {in: about}}]}
          clerk: {role: clerk, of: community}
        fields: {about: {type: case, optional: yes}}
        steps: {one: {owner: judge, actions: {go: {to: two, by: judge}, note: {by: [judge, clerk]}}}, two: {end: done}}
        """
    )
    first = d.open("loop", "clerk-1")
    d.do(first, "note", "inspector-1")
    second = d.open("loop", "clerk-1", about=first)
    assert d.refused(second, "go", "inspector-1").who == ("both-1",)
    d.do(second, "go", "both-1")
    d.do(first, "go", "inspector-1")  # without a case in the field nobody is excluded


def test_anybody_of_a_kind_acts_under_that_word() -> None:
    d = sandbox("""
        people: {public: {anyone: resident}, clerk: {role: clerk, of: community}}
        steps: {one: {owner: clerk, actions: {object: {by: public}, ask: {by: resident}, mark: {by: clerk}}}}
        """)
    case = d.open("loop", "clerk-1")
    d.do(case, "object", "resident")
    d.do(case, "ask", "resident")
    assert d.refused(case, "mark", "resident").code == NOT_ENTITLED
    assert d.refused(case, "object", "clerk-1").who == ("resident",)
    assert d.refused(case, "ask", "clerk-1").who == ("resident",)


def test_what_only_procedures_do_nobody_does() -> None:
    d = sandbox("steps: {one: {owner: clerk, actions: {go: {by: procedure}}}}")
    case = d.open("loop", "clerk-1")
    for actor in ("procedure", "clerk-1", "system"):
        assert d.refused(case, "go", actor).code == NOT_ENTITLED


def test_members_and_partners_open_and_act_under_their_own_ids() -> None:
    d = sandbox("""
        opened: {by: [member, partner]}
        people: {anybody: {anyone: partner}}
        steps: {one: {owner: anybody, actions: {say: {by: member}, do: {by: anybody}}}, two: {end: x}}
        """)
    case = d.open("loop", "member-2")
    assert d.replay_case(case).opened_by == "member-2"
    d.do(case, "say", "head-1")
    d.do(case, "do", "works")
    assert d.replay_case(d.open("loop", "power")).opened_by == "power"
    assert d.refused(case, "say", "clerk-1").code == NOT_ENTITLED  # staff sits on no committee
    assert d.refused(case, "do", "stranger").code == NOT_ENTITLED


# raised


def test_a_raised_case_admits_that_levels_supervisors_but_not_to_the_reporters_word() -> None:
    d = sandbox("""
        opened: {by: [clerk], gives: {reporter: [acceptance-code]}}
        fields: {reporter: {type: contact, optional: yes}}
        steps:
          one:
            owner: clerk
            within: 1 hour
            ladder: [{at: deadline, raise: community}, {after: 1 hour, raise: street}]
            actions: {go: {to: two, by: clerk}, approve: {to: two, by: reporter}, stay: {by: clerk}}
          two: {owner: clerk, actions: {end: {to: three, by: clerk}}}
          three: {end: done}
        """)
    case = d.open("loop", "clerk-1")
    assert d.refused(case, "go", "supervisor-1").code == NOT_ENTITLED
    d.later(hours=1)
    d.tick(case)
    assert d.tells() == [("community", "supervisor-1", "raised")]
    [(_, event)] = d.do(case, "stay", "supervisor-1")
    assert event.data["as"] == "community"
    assert d.refused(case, "stay", "street-1").who == ("clerk-1", "former-1", "supervisor-1")
    assert d.refused(case, "approve", "supervisor-1", code="CODE1").code == NOT_ENTITLED
    d.later(hours=1)
    d.tick(case)
    d.do(case, "go", "street-2")
    assert d.refused(case, "end", "street-2").code == NOT_ENTITLED  # until the step is left


def test_a_level_without_a_supervisor_is_told_all_the_same() -> None:
    tree = procedure(
        "steps: {one: {owner: clerk, within: 1 hour, ladder: [{at: deadline, raise: city}]}, two: {end: x}}"
    )
    d = sandbox(tree)
    organisation = d.workspace.organisation
    d.workspace = d.workspace.__class__(
        organisation=organisation.__class__(
            communities=organisation.communities, rosters={"C1": organisation.rosters["C1"]}
        ),
        procedures=d.workspace.procedures,
    )
    case = d.open("loop", "clerk-1")
    d.later(hours=1).tick(case)
    assert d.tells() == [("city", "", "raised")]


# the reporter


CONTACT = """
opened: {by: [clerk], gives: {reporter: [acceptance-code]}}
fields: {reporter: {type: contact, required: yes}}
steps:
  one:
    owner: clerk
    actions: {handle: {by: [clerk, inspector, coordinator]}, approve: {to: two, by: reporter}}
  two: {end: done}
"""
VAULT = "vault:c-0123456789abcdef"


def test_the_reporters_word_is_stored_as_theirs_with_who_entered_it() -> None:
    d = sandbox(CONTACT)
    case = d.open("loop", "clerk-1", reporter=VAULT)
    [(_, event)] = d.do(case, "approve", "inspector-1", code="CODE1")
    assert (event.by, event.entered_by) == ("reporter", "inspector-1")
    assert event.data["on_behalf_of"] == "reporter"


def test_the_reporter_may_act_without_a_helper() -> None:
    d = sandbox(CONTACT)
    case = d.open("loop", "clerk-1", reporter=VAULT)
    [(_, event)] = d.do(case, "approve", "reporter", code="CODE1")
    assert (event.by, event.entered_by) == ("reporter", "reporter")


def test_who_handled_the_case_may_not_enter_the_reporters_word() -> None:
    d = sandbox(CONTACT)
    case = d.open("loop", "clerk-1", reporter=VAULT)
    d.do(case, "handle", "inspector-1")  # as an inspector: taking the reporter's word is an inspector's work
    d.do(case, "handle", "both-1")  # under the first name that fits: inspector
    assert {event.data["as"] for event in d.replay_case(case).events[1:]} == {"inspector"}
    d.do(case, "approve", "both-1", code="CODE1")
    other = sandbox(CONTACT.replace("[clerk, inspector, coordinator]", "[clerk, coordinator]"))
    case = other.open("loop", "clerk-1", reporter=VAULT)
    other.do(case, "handle", "both-1")
    refusal = other.refused(case, "approve", "both-1", code="CODE1")
    assert refusal.code == FOUR_EYES
    assert "both-1 has handled this case" in str(refusal.message)
    assert "inspector-1" in refusal.who
    other.do(case, "approve", "inspector-1", code="CODE1")


def test_a_contact_without_a_proof_speaks_through_a_helper_alone() -> None:
    d = sandbox(
        CONTACT.replace("to: two, by: reporter", "to: two, by: reporters")
        + """
people:
  reporter: {contact: reporter, proof: acceptance-code, through: [inspector]}
  reporters: {contact: reporter, through: [coordinator]}
  coordinator: {role: coordinator, of: community}
  inspector: {role: inspector, of: community}
  clerk: {role: clerk, of: community}
"""
    )
    case = d.open("loop", "clerk-1", reporter=VAULT)
    assert d.refused(case, "approve", "reporters").code == NOT_ENTITLED  # anybody could say so
    assert d.refused(case, "approve", "reporters").who == ("coordinator-1", "both-1")
    [(_, event)] = d.do(case, "approve", "coordinator-1")
    assert (event.by, event.entered_by) == ("reporters", "coordinator-1")


def test_others_may_not_enter_the_reporters_word() -> None:
    d = sandbox(CONTACT)
    case = d.open("loop", "clerk-1", reporter=VAULT)
    refusal = d.refused(case, "approve", "clerk-1", code="CODE1")
    assert refusal.code == NOT_ENTITLED
    assert refusal.who == ("reporter", "inspector-1", "both-1")
    assert refusal.to_finding("C1").message is refusal.message


# four eyes


FOUR_EYES_LOOP = """
people:
  partner: {partner: lead, through: [coordinator]}
  coordinator: {role: coordinator, of: community}
  clerk: {role: clerk, of: community}
fields: {lead: {type: partner, default: works}}
steps:
  one: {owner: clerk, actions: {finish: {to: two, by: [clerk, partner]}}}
  two:
    owner: clerk
    actions:
      check: {to: three, by: [clerk, partner, coordinator]}
      note: {by: [clerk, partner]}
  three: {end: done}
guarantees: {four-eyes: {different_people: [finish, check]}}
"""


def test_four_eyes_refuses_the_same_person() -> None:
    d = sandbox(FOUR_EYES_LOOP)
    case = d.open("loop", "clerk-1")
    d.do(case, "finish", "clerk-1")
    d.do(case, "note", "clerk-1")
    refusal = d.refused(case, "check", "clerk-1")
    assert refusal.code == FOUR_EYES
    assert "clerk-1 did “finish” and must not also do “check”" in str(refusal.message)
    d.do(case, "check", "former-1")


def test_four_eyes_counts_who_entered_it() -> None:
    d = sandbox(FOUR_EYES_LOOP)
    case = d.open("loop", "clerk-1")
    d.do(case, "finish", "coordinator-1")  # entered for the partner
    assert d.refused(case, "check", "coordinator-1").code == FOUR_EYES
    d.do(case, "check", "clerk-1")


def test_four_eyes_counts_for_whom_it_was_entered() -> None:
    d = sandbox(FOUR_EYES_LOOP)
    case = d.open("loop", "clerk-1")
    d.do(case, "finish", "coordinator-1")  # entered for the partner
    assert d.refused(case, "check", "works").code == FOUR_EYES


def test_a_case_that_is_not_there_is_refused_in_words() -> None:
    d = sandbox(STEPS.replace("[who]", "clerk") + "\nfields: {about: {type: case, optional: yes}}")
    with pytest.raises(Refusal) as caught:
        d.open("loop", "clerk-1", about="C1-202606a-0099")
    assert str(caught.value.message) == "there is no case C1-202606a-0099"


def test_a_refusal_passes_through_a_context_manager_unharmed() -> None:
    @contextmanager
    def lock() -> Iterator[None]:
        yield

    with pytest.raises(Refusal), lock():
        raise Refusal(NOT_ENTITLED, say("no"))
