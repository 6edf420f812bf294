"""``fujin case show`` of a request: for whom each order is, how it stands, and why it came back."""

from __future__ import annotations

from tests.support.command_line import COORDINATOR, LEAD, SECOND, City, Handled

TUESDAY = "2026-06-02T10:00"


def test_the_parent_shows_partner_lead_state_and_reason(city: City, handled: Handled) -> None:
    first, second = handled.orders
    city.do(first, "acknowledge", now="2026-06-01T09:30", actor=LEAD)
    more = ("--set", "reason=不归本单位管", "--set", f"belongs_to={SECOND}", "--note", "已电话说明")
    city.do(first, "give-back", *more, now=TUESDAY, actor=LEAD)
    page = city.run("case", "show", handled.case, now=TUESDAY).out
    rows = page.partition("Opened: work orders\n")[2].partition("\n\n")[0].splitlines()
    assert [row.strip() for row in rows] == [
        f"{first}  work orders, City Management Department ({LEAD}), lead",
        "ended: Bounced",
        "whose duty it is: Police Department (police)",
        "reason: 不归本单位管",
        "note: 已电话说明",
        f"{second}  work orders, Police Department ({SECOND})",
        "Sent, 22 h late, due by 2026-06-01 11:05",
    ]
    shown = city.ask("case", "show", handled.case, now=TUESDAY)["orders"]
    assert [(order["partner"], order["lead"]) for order in shown] == [(LEAD, True), (SECOND, False)]
    assert shown[0]["ended_with"] == {
        "action": "give-back",
        "set": {"reason": "不归本单位管", "belongs_to": SECOND},
        "note": "已电话说明",
    }
    assert shown[1]["ended_with"] is None


def test_the_chinese_page_has_no_english_word(city: City, handled: Handled) -> None:
    city.do(handled.orders[0], "bounce", "--set", "reason=不归本单位管", now="2026-06-01T09:10", actor=LEAD)
    city.do(handled.orders[1], "recall", "--set", "reason=改派", now="2026-06-01T09:10", actor=COORDINATOR)
    page = City(city.folder, "zh").run("case", "show", handled.case, now="2026-06-01T09:20").out
    rows = page.partition("派出的工单\n")[2].partition("\n\n")[0]
    assert rows.splitlines() == [
        f"  {handled.orders[0]}  工单、城市管理部门 (city-management)、牵头",
        "                       已结束：已退单",
        "                       理由：不归本单位管",
        f"  {handled.orders[1]}  工单、公安部门 (police)",
        "                       已结束：已撤单",
        "                       理由：改派",
    ]
