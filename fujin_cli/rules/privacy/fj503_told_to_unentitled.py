"""
# FJ503 · A resident's words are told to somebody who is not entitled to them

What residents enter, and is not public, may be told to the offices that handle the case, to the partners who work on
it, and to the resident who said it. It may not be told to other residents, nor to partners who have no part in the
case. Where a case has several contacts, each has words of their own; and whoever acted in another case may be a
resident. That goes for the words themselves, wherever they were handed since (`give`, `bring`), and for messages that
quote what was entered with an action (`answer`, `result`, `dispatched`, `withdrawn`, `agenda`, `minutes`).

Failing:

```yaml fail procedures/errand.yaml
people:
  neighbours: {contact: asker, with: joined}
fields:
  joined: {type: list, of: contact, optional: yes}
steps:
  asked:
    actions:
      decline: {title: decline, to: declined, by: clerk, needs: [reason], tell: {asker: answer, neighbours: summary}}
```

Passing:

```yaml pass procedures/errand.yaml
people:
  neighbours: {contact: asker, with: joined}
fields:
  joined: {type: list, of: contact, optional: yes}
steps:
  asked:
    actions:
      decline: {title: decline, to: declined, by: clerk, needs: [reason], tell: {asker: summary, neighbours: answer}}
```

To mend it, tell a kind of message that does not quote the field (`progress`), or let somebody in office write what is
told.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.message import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.data_flow import (
    DataFlow,
    QuotingNotification,
    authors,
    contacts_of,
    is_outsider,
    is_private,
    may_know,
    quoting_notifications,
)
from fujin_cli.rules.support.procedure_source import ProcedureSource

CODE = "FJ503"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Every message that says a private field with a resident's words to somebody who may not know them."""
    flows = DataFlow(context.workspace)
    for reading in flows.readings.values():
        for telling in quoting_notifications(reading.procedure):
            for name in telling.fields:
                yield from _judge(flows, reading, telling, name)


def _judge(flows: DataFlow, reading: ProcedureSource, telling: QuotingNotification, name: str) -> Iterator[Finding]:
    version = reading.procedure
    spot = (version.name, name)
    field = version.fields.get(name)
    if field is None or not is_private(version, field) or spot not in flows.residents:
        return
    if name in telling.entered and telling.by and not any(is_outsider(version, who) for who in telling.by):
        return  # this time somebody in office wrote it
    way = flows.residents[spot]
    why = may_know(version, telling.tell.to, None if way else _whose(version, telling, name))
    if why is None:
        return
    person = version.people.get(telling.tell.to)
    yield Finding(
        CODE,
        "error",
        say(
            "{who} would be told {field}, which a resident entered and is not public: {reason}",
            who=person.title or telling.tell.to if person else telling.tell.to,
            field=name,
            reason=why,
        ),
        Place(reading.file.path, telling.tell.route, key=True),
        say("tell a kind of message that does not say it, or what somebody in office wrote"),
        (flows.defined(way[0].source if way else spot),),
        trace=flows.way(way),
    )


def _whose(version: Procedure, telling: QuotingNotification, name: str) -> frozenset[str]:
    """Whose words of this case a field holds when it is told: of those who enter it with the event, else of anybody."""
    return contacts_of(version, telling.by) if name in telling.entered and telling.by else authors(version, name)
