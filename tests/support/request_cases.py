"""A resident's request in the shipped city, brought to where a test begins. Every person and contact is invented."""

from __future__ import annotations

from tests.support.case_sandbox import CaseSandbox
from tests.support.yaml_trees import city

REPORTER = "vault:c-0123456789abcdef"
OTHERS = tuple(f"vault:c-{number:016x}" for number in range(1, 9))
COORDINATOR, INSPECTOR, OTHER_INSPECTOR, COLLECTOR = "p-0001", "p-0103", "p-0104", "p-0105"
COMMUNITY, STREET, CITY = "p-0101", "p-2101", "p-3101"
LEAD, PARTNER, THIRD = "civil-affairs", "police", "city-management"


def fujin(now: str = "2026-06-01T09:00") -> CaseSandbox:
    """A desk in Fuqian, on a Monday morning."""
    return CaseSandbox(city(), now)


def reported(d: CaseSandbox, contact: str = REPORTER, **inputs: str) -> str:
    """A request about rubbish, which the environment committee answers."""
    return d.open(
        "resident-request",
        COLLECTOR,
        summary="rubbish at the gate",
        reporter=contact,
        topic="sanitation",
        channel="phone",
        **inputs,
    )


def dispatched(d: CaseSandbox, partners: tuple[str, ...] = ()) -> str:
    """A request with a lead and partners at work on it."""
    case = reported(d)
    d.do(case, "accept", COORDINATOR)
    d.do(case, "dispatch", COORDINATOR, lead=LEAD, **({"partners": list(partners)} if partners else {}))
    return case


def worked(d: CaseSandbox, order: str, result: str = "swept") -> None:
    """Bring an order to its end, verified."""
    unit = d.value(order, "to")
    d.do(order, "acknowledge", unit)
    d.do(order, "report-done", unit, result=result)
    d.do(order, "verify", INSPECTOR)


def finished(d: CaseSandbox, case: str | None = None) -> str:
    """A request that waits for the reporter's word."""
    case = case or dispatched(d)
    for order in d.children(case, "orders"):
        if not d.replay_case(order).has_ended:
            worked(d, order)
    d.do(case, "finish", COORDINATOR, result="swept")
    return case


def closed(d: CaseSandbox) -> str:
    """A request that its reporter approved."""
    case = finished(d)
    d.do(case, "approve", INSPECTOR, code=d.code(case))
    return case


def refuse(d: CaseSandbox, case: str) -> None:
    """The reporter is not satisfied."""
    d.do(case, "refuse", INSPECTOR, code=d.code(case), reason="still dirty")
