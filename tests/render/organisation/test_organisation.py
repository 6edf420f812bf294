from __future__ import annotations

from datetime import date

import pytest
from rich.cells import cell_len

from fujin_cli import language
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.render.basics.tables import Table, format_for_terminal, format_tsv
from fujin_cli.render.organisation import units as screens
from tests.support.town_hall import Hall

DAY = date(2026, 6, 1)
LAWS = {"request": {"zh": "居民诉求", "en": "Request"}, "order": {}}


def drawn(table: Table, width: int = 100) -> list[str]:
    lines = format_for_terminal(table, width, False).splitlines()
    return [line.rstrip() for line in lines if not line.startswith("─")]


@pytest.fixture
def town(hall: Hall) -> Organisation:
    return hall.organisation


def test_communities(town: Organisation) -> None:
    assert screens.communities_json(town) == {
        "version": 1,
        "communities": [
            {
                "community": "C1",
                "title": {"zh": "福前社区", "en": "Front Community"},
                "street": "east",
                "households": 3120,
                "floor_area": 900,
                "traits": ["old"],
                "committees": ["C1-light"],
            }
        ],
    }
    assert drawn(screens.communities_table(town)) == [
        "Communities",
        "id  community        street       households   m²  committees  traits",
        "C1  Front Community  East Street        3120  900           1  Old estate",
    ]
    found = screens.community_json(town, "C1", DAY)
    assert (found["venues"], found["boards"]) == (["hall"], ["gate"])
    assert [entry["person"] for entry in found["office"]] == ["p-4", "p-5"]
    assert screens.community_page(town, "C1", DAY, 80, False) == (
        "Front Community (C1)\n"
        "  street          East Street (east)\n"
        "  households      3120\n"
        "  floor area, m²  900\n"
        "  traits          Old estate (old)\n"
        "  committees      Front Lights Committee (C1-light)\n"
        "  office          钱四 (p-4) · Inspector\n"
        "                  孙五 (p-5) · Supervisor\n"
        "  venues          Hall (hall)\n"
        "  boards          Gate board (gate)\n"
    )


def test_committees_and_their_vacancies(town: Organisation) -> None:
    units = list(town.committees.values())
    assert screens.committees_json(town, units, DAY)["committees"] == [
        {
            "committee": "C1-light",
            "title": {"zh": "福前亮化专委会", "en": "Front Lights Committee"},
            "kind": "light",
            "community": "C1",
            "seats": {"head": 1, "member": 2},
            "vacancies": {"head": 0, "member": 2},  # one term is over, one has not begun
        }
    ]
    later = screens.committees_json(town, units, date(2027, 6, 1))["committees"][0]
    assert later["vacancies"] == {"head": 0, "member": 1}
    assert drawn(screens.committees_table(town, units, DAY))[1:] == [
        "id        committee               community        kind    seats  vacant",
        "C1-light  Front Lights Committee  Front Community  Lights      3       2",
        "",
        "total                                                          3       2",
    ]
    assert screens.committee_page(town, "C1-light", LAWS, DAY, 80, False) == (
        "Front Lights Committee (C1-light)\n"
        "  community   Front Community (C1)\n"
        "  kind        Lights (light)\n"
        "  seats       head: 1, 0 vacant, member: 2, 2 vacant\n"
        "  founded     2024-03-01\n"
        "  meets       Hall (hall), first Tuesday, 19:00\n"
        "  procedures  Request (request), order\n"
        "  settings    Request (request): answer-time = 10 minutes\n"
        "  members     王一 (p-1) · Coordinator\n"
        "              李二 (p-2) · not in office\n"
        "              赵三 (p-3) · not in office\n"
    )
    found = screens.committee_json(town, "C1-light", DAY)
    assert found["settings"] == {"request": {"answer-time": "10 minutes"}}
    assert [entry["serving"] for entry in found["members"]] == [True, False, False]


def test_rosters_mark_terms_that_are_over(town: Organisation) -> None:
    assert screens.rosters_json(town, DAY)["rosters"][0] == {
        "roster": "C1-light",
        "people": 3,
        "serving": 1,
        "vacancies": {"head": 0, "member": 2},
        "next_end": "2027-12-31",
    }
    assert drawn(screens.rosters_table(town, DAY))[1:] == [
        "id        roster                  serving  terms over  vacant  next term ends",
        "C1-light  Front Lights Committee        1           2       2  2027-12-31",
        "C1        Front Community               2           0       0",
    ]
    assert drawn(screens.roster_table(town, "C1-light", DAY), 120) == [
        "Roster of Front Lights Committee (C1-light)",
        "person  name  seat    roles        group     term                     state",
        "p-1     王一  head    Coordinator            2026-01-01 – 2027-12-31  serving",
        "p-2     李二  member               Veterans  2023-01-01 – 2025-12-31  term over",
        "p-3     赵三  member                         2027-01-01 – 2029-12-31  not yet in office",
        "2 vacant: member",
    ]
    entry = screens.roster_json(town, "C1-light", DAY)["entries"][1]
    assert entry == {
        "person": "p-2",
        "name": "李二",
        "seat": "member",
        "roles": [],
        "group": "veteran",
        "term": {"from": "2023-01-01", "until": "2025-12-31"},
        "serving": False,
    }
    assert format_tsv(screens.roster_table(town, "C1", DAY)).splitlines()[1].split("\t")[:4] == [
        "p-4",
        "钱四",
        "",
        "inspector",
    ]


def test_partners(town: Organisation) -> None:
    assert screens.partners_json(town, ["power"])["partners"] == [
        {
            "partner": "power",
            "title": {"zh": "供电单位", "en": "Power Company"},
            "sort": "resident-unit",
            "serves": ["C1"],
            "can": ["lighting"],
        }
    ]
    assert drawn(screens.partners_table(town, ["power", "pipes"])) == [
        "Partners",
        "id     partner        sort           can do    serves",
        "power  Power Company  resident unit  Lighting  all",
        "pipes  Water Works    department     Water     Front Community",
    ]
    assert screens.partner_json(town, "pipes")["contact"] == "vault:c-00000000000000bb"
    assert screens.partner_page(town, "power", 80, False) == (
        "Power Company (power)\n  sort    resident unit\n  can do  Lighting (lighting)\n  serves  all\n"
    )


@pytest.mark.parametrize("tongue", ["en", "zh"])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_every_screen_fits(town: Organisation, tongue: str, width: int) -> None:
    language.set_language(tongue)
    units = list(town.committees.values())
    tables = [
        screens.communities_table(town),
        screens.committees_table(town, units, DAY),
        screens.rosters_table(town, DAY),
        screens.roster_table(town, "C1-light", DAY),
        screens.partners_table(town, list(town.partners)),
    ]
    pages = [
        screens.community_page(town, "C1", DAY, width, False),
        screens.committee_page(town, "C1-light", LAWS, DAY, width, False),
        screens.partner_page(town, "pipes", width, False),
    ]
    for text in [*(format_for_terminal(table, width, False) for table in tables), *pages]:
        assert all(cell_len(line) <= width for line in text.splitlines())


def test_nothing_declared() -> None:
    nothing = Organisation()
    assert drawn(screens.communities_table(nothing)) == ["Communities", "No communities defined."]
    assert drawn(screens.committees_table(nothing, [], DAY)) == ["Committees", "No committees found."]
    assert drawn(screens.rosters_table(nothing, DAY)) == ["Rosters", "No rosters found."]
    assert drawn(screens.partners_table(nothing, [])) == ["Partners", "No partners found."]
