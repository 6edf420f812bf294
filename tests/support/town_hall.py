# ruff: noqa: E501 - an action of a procedure stays on one line
"""A small town for the screens: one community, one committee, three partners. All persons and units are invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ruamel.yaml import YAML

from fujin_cli.core.cases import acceptance, decide, decide_opening, timers
from fujin_cli.core.cases.actors import People
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.event import compute_event_hash
from fujin_cli.core.cases.operation import Advance, Environment, NewCode, Open
from fujin_cli.core.listing.summarize import summarize
from fujin_cli.core.listing.summary import Summary
from fujin_cli.core.model.workspace import File, Workspace, build_workspace
from fujin_cli.core.simulate.sandbox import Sandbox
from fujin_cli.render.cases.child_rows import OpenedCase

REPORTER = "vault:c-00000000000000aa"
SECRET = "单元门坏了，住户姓名保密"

FILES = {
    "jurisdiction.yaml": """
jurisdiction: town
title: {zh: 样板市, en: Sample Town}
roles:
  coordinator: {title: {zh: 协调员, en: Coordinator}, at: [committee, community]}
  inspector: {title: {zh: 巡查员, en: Inspector}, at: [community]}
  supervisor: {title: {zh: 监督员, en: Supervisor}, at: [community, street]}
traits: {old: {title: {zh: 老旧小区, en: Old estate}}}
groups: {veteran: {title: {zh: 复转军人, en: Veterans}}}
streets: {east: {title: {zh: 东街道, en: East Street}}}
communities:
  C1: {title: {zh: 福前社区, en: Front Community}, street: east, households: "3120", floor_area: "900", traits: [old]}
venues: {hall: {title: {zh: 活动室, en: Hall}, community: C1}}
boards: {gate: {title: {zh: 大门公示栏, en: Gate board}, community: C1}}
""",
    "menu.yaml": """
menu: committees
topics: {lighting: {title: {zh: 小区亮化, en: Lighting}}, water: {title: {zh: 供水, en: Water}}}
kinds: {light: {title: {zh: 亮化, en: Lights}, seats: {from: 1, up_to: 5}, answers: [lighting, water]}}
""",
    "partners.yaml": """
partners:
  power: {title: {zh: 供电单位, en: Power Company}, sort: resident-unit, serves: all, can: [lighting]}
  pipes: {title: {zh: 供水单位, en: Water Works}, sort: department, serves: [C1], can: [water], contact: "vault:c-00000000000000bb"}
""",
    "committees/C1-light.yaml": """
committee: C1-light
kind: light
community: C1
title: {zh: 福前亮化专委会, en: Front Lights Committee}
founded: {on: 2024-03-01}
seats: {head: "1", member: "2"}
meets: {where: hall, every: first Tuesday, at: "19:00"}
procedures: [request, order]
settings: {request: {answer-time: 10 minutes}}
""",
    "rosters/C1-light.yaml": """
roster: C1-light
members:
  - {person: p-1, name: 王一, seat: head, roles: [coordinator], term: {from: 2026-01-01, until: 2027-12-31}}
  - {person: p-2, name: 李二, seat: member, roles: [], group: veteran, term: {from: 2023-01-01, until: 2025-12-31}}
  - {person: p-3, name: 赵三, seat: member, roles: [], term: {from: 2027-01-01, until: 2029-12-31}}
""",
    "rosters/C1.yaml": """
roster: C1
staff:
  - {person: p-4, name: 钱四, roles: [inspector]}
  - {person: p-5, name: 孙五, roles: [supervisor]}
""",
    "procedures/order.yaml": """
procedure: order
title: {zh: 工单, en: Work order}
case_of: community
opened: {by: [procedure]}
people:
  inspector: {title: {zh: 巡查员, en: inspector}, role: inspector, of: community}
  partner: {title: {zh: 承办单位, en: partner}, partner: to}
fields:
  task: {title: {zh: 任务, en: task}, type: text, required: yes}
  to: {title: {zh: 承办单位, en: partner}, type: partner, required: yes, public: yes}
  result: {title: {zh: 结果, en: result}, type: text, optional: yes}
steps:
  sent:
    title: {zh: 已派单, en: Sent}
    owner: partner
    within: 1 working day
    on_enter: {tell: {partner: dispatched}}
    actions:
      report: {title: {zh: 报告, en: report}, to: verified, by: partner, needs: [result], tell: {inspector: result}}
      recall: {title: {zh: 撤单, en: recall}, to: recalled, by: inspector, tell: {partner: withdrawn}}
  verified: {title: {zh: 已核实, en: Verified}, end: verified}
  recalled: {title: {zh: 已撤单, en: Recalled}, end: recalled}
""",
    "procedures/request.yaml": """
procedure: request
title: {zh: 居民诉求, en: Resident request}
case_of: community
opened: {by: [resident, coordinator], gives: {reporter: [receipt, acceptance-code]}}
settings:
  answer-time: {type: duration, default: 30 minutes, from: 5 minutes, up_to: 2 working hours}
people:
  reporter: {title: {zh: 首诉人, en: first complainant}, contact: reporter, proof: acceptance-code, through: [inspector]}
  coordinator: {title: {zh: 协调员, en: coordinator}, role: coordinator, of: committee}
  inspector: {title: {zh: 巡查员, en: inspector}, role: inspector, of: community, not: [coordinator]}
  lead: {title: {zh: 牵头单位, en: lead partner}, partner: lead}
  community: {title: {zh: 社区监督员, en: community supervisor}, role: supervisor, of: community}
fields:
  summary: {title: {zh: 诉求内容, en: summary}, type: text, required: yes}
  topic: {title: {zh: 类别, en: topic}, type: topic, optional: yes, public: yes}
  reporter: {title: {zh: 首诉人, en: reporter}, type: contact, required: yes}
  lead: {title: {zh: 牵头单位, en: lead}, type: partner, optional: yes, public: yes}
  photos: {title: {zh: 照片, en: photos}, type: list, of: photo, optional: yes, public: yes}
  result: {title: {zh: 办理结果, en: result}, type: text, optional: yes, public: preview}
  reason: {title: {zh: 理由, en: reason}, type: text, optional: yes}
  explanation: {title: {zh: 说明, en: explanation}, type: text, optional: yes, public: preview}
  duplicate_of: {title: {zh: 并入, en: duplicate of}, type: case, of: request, optional: yes}
  resume_on: {title: {zh: 恢复日期, en: resume on}, type: date, optional: yes}
  venue: {title: {zh: 场所, en: venue}, type: venue, optional: yes, public: yes}
  meets_at: {title: {zh: 时间, en: meets at}, type: moment, optional: yes, public: yes}
  agenda: {title: {zh: 议题, en: agenda}, type: text, optional: yes}
  minutes: {title: {zh: 纪要, en: minutes}, type: text, optional: yes, public: preview}
clocks:
  first-answer: {title: {zh: 首次答复, en: first answer}, from: opened, until: {tells: reporter}, within: answer-time, promised: yes}
  whole: {title: {zh: 全程, en: whole request}, from: opened, until: {enter: acceptance}, within: 10 working days}
steps:
  reported:
    title: {zh: 反映, en: Reported}
    owner: coordinator
    within: answer-time
    ladder:
      - {before: 10 minutes, tell: [coordinator]}
      - {at: deadline, tell: [coordinator]}
      - {after: 1 working hour, tell: [coordinator]}
      - {after: 4 working hours, raise: community}
    actions:
      accept: {title: {zh: 接单, en: accept}, to: handling, by: coordinator, needs: [lead], tell: {reporter: accepted}, opens: {orders: {procedure: order, one_each: [lead], give: {task: summary}}}}
      decline: {title: {zh: 不予受理, en: decline}, to: declined, by: coordinator, needs: [reason], tell: {reporter: answer}}
      cannot: {title: {zh: 无法解决, en: cannot}, to: cannot-be-fixed, by: coordinator, needs: [explanation], tell: {reporter: answer, coordinator: explanation}, publish: notice}
      merge: {title: {zh: 并案, en: merge}, to: joined, by: coordinator, needs: {duplicate_of: open}, does: {joining: {join: duplicate_of}}, tell: {reporter: merged}}
      withdraw: {title: {zh: 撤回, en: withdraw}, to: withdrawn, by: reporter, tell: {reporter: answer}}
      meet: {title: {zh: 开会, en: meet}, by: coordinator, needs: [agenda, meets_at], may: [venue], tell: {lead: agenda, community: agenda}}
      record: {title: {zh: 记录, en: record}, by: coordinator, needs: [minutes], tell: {community: minutes, coordinator: results}}
  joined:
    title: {zh: 已并案, en: Joined}
    owner: coordinator
    within: 30 working days
    actions:
      split: {title: {zh: 拆案, en: split}, to: reported, by: coordinator, does: {parting: {part: duplicate_of}}, limit: 1}
    then:
      - {when: {duplicate_of: {all: ended}}, to: merged, tell: {reporter: answer}}
  handling:
    title: {zh: 办理, en: Handling}
    owner: coordinator
    within: 5 working days
    actions:
      finish: {title: {zh: 办结, en: finish}, to: acceptance, by: coordinator, when: {orders: {all: verified}}, needs: [result], may: [photos], tell: {reporter: result}}
  acceptance:
    title: {zh: 实地验收, en: Acceptance on the spot}
    owner: inspector
    within: 2 working days
    actions:
      approve: {title: {zh: 满意销号, en: approve}, to: closed, by: reporter, tell: {reporter: answer}, publish: notice}
      refuse: {title: {zh: 不满意, en: refuse}, to: handling, by: reporter, needs: [reason], limit: 2, tell: {coordinator: reason}}
      give-up: {title: {zh: 无法联系, en: give up}, to: unreachable, by: inspector, tell: {reporter: answer}}
  closed:
    title: {zh: 已销号, en: Closed}
    end: done
    counts_as: [answered, resolved, satisfied]
    reopen: {title: {zh: 重开, en: reopen}, within: 10 working days, by: reporter, to: handling, limit: 1}
  merged: {title: {zh: 随案办结, en: Ended with the other}, end: merged}
  declined: {title: {zh: 不予受理, en: Declined}, end: declined, counts_as: [answered]}
  unreachable: {title: {zh: 无法联系, en: Unreachable}, end: unreachable}
  cannot-be-fixed: {title: {zh: 无法解决, en: Cannot be fixed}, end: cannot-be-fixed}
  withdrawn: {title: {zh: 已撤回, en: Withdrawn}, end: withdrawn}
anytime:
  pause: {title: {zh: 挂起, en: pause}, in: [handling], by: coordinator, needs: [reason, resume_on], stops_clock_until: resume_on, tell: {reporter: progress}}
guarantees:
  not-satisfied-not-done: {title: {zh: 不满意不收兵, en: "not satisfied, not done"}, before: {enter: closed}, require: approve, since: finish}
""",
}


def sample_workspace() -> Workspace:
    """The town as the core knows it: Shanghai time, every weekday of 2026 worked, no other year."""
    files = []
    for path, text in FILES.items():
        tree = YAML(typ="base").load(text)
        kind = next(iter(tree))
        files.append(File(path, kind, tree[kind] if isinstance(tree[kind], str) else kind, tree))
    calendar = {"zone": "Asia/Shanghai", "office_hours": [[510, 690], [810, 1020]], "exceptions": {}, "years": [2026]}
    return build_workspace(files, calendar)


CODE = "K7Q2M9XD"
"""The acceptance code of every case."""


class Hall(Sandbox):
    """The sandbox of the product over the sample workspace. Times are local: ``2026-06-01T09:00``, a Monday."""

    def __init__(self) -> None:
        workspace = sample_workspace()
        calendar = workspace.build_calendar()
        super().__init__(workspace, calendar, calendar.parse_moment("2026-06-01T09:00"))
        self.organisation = workspace.organisation

    def at(self, moment: str) -> Hall:
        """Set the clock."""
        self.now = self.calendar.parse_moment(moment)
        return self

    def summary(self, id: str) -> Summary:
        """The line of a case in lists."""
        case = self.replay_case(id)
        return summarize(case, self.version_of_case(case), self.calendar, self.now)

    def opened_cases(self, parent: Case) -> list[OpenedCase]:
        """The cases that a case opened, as its page shows them."""
        cases = [self.replay_case(child.case) for child in parent.children]
        return [OpenedCase(case, self.version_of_case(case), self.summary(case.id)) for case in cases]

    def people(self, id: str) -> People:
        """Who is who in a case."""
        case = self.replay_case(id)
        return People(case, self.version_of_case(case), self.organisation, self.calendar.to_local(self.now).date())

    def titles(self, procedure: str, step: str) -> str:
        return str(self.workspace.procedures[procedure].steps[step].title["en"])

    def request(self, actor: str = "p-1", **inputs: str) -> str:
        """Open a request of the sample reporter."""
        given = {"summary": SECRET, "reporter": REPORTER, **inputs}
        command = Open("request", "C1", actor, inputs=_listed(given))
        return str(self.run_operation(lambda on: decide_opening.open_case(on, command)))

    def do(self, case: str, action: str, actor: str, note: str | None = None, **inputs: str) -> None:
        """Do an action; the reporter's code is at hand."""
        command = Advance(case, action, actor, _listed(inputs), note, CODE)
        refusal = self.run_operation(lambda on: decide.advance_case(on, command))
        assert refusal is None, refusal

    def tick(self) -> list[timers.Fired]:
        return [
            fired for id in self.ledger.cases() for fired in self.run_operation(lambda on, id=id: timers.tick(on, id))
        ]

    def reissue(self, case: str, actor: str) -> None:
        self.run_operation(lambda on: acceptance.reissue_code(on, case, actor, None))

    def handled(self) -> str:
        """A request that waits for its reporter's word."""
        case = self.request(topic="lighting")
        self.do(case, "accept", "p-1", lead="power")
        self.do(self.replay_case(case).children[0].case, "report", "power", result="灯已修好")
        self.do(case, "finish", "p-1", result="换了灯", photos=f"sha256:{'0' * 64}.jpg")
        return case

    def _build_environment(self) -> Environment:
        return replace(
            super()._build_environment(), code_fits=lambda code, plain: code.hash == compute_event_hash("", plain, {})
        )

    def _make_predictable_code(self) -> NewCode:
        return NewCode(CODE, "salt", compute_event_hash("", CODE, {}))


def _listed(inputs: Mapping[str, str]) -> dict[str, list[object]]:
    return {name: [value] for name, value in inputs.items()}
