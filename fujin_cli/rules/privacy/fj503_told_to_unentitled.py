"""
# FJ503 · A resident's words are told to somebody who is not entitled to them

What residents enter, if it is not public, may be told to the offices that handle the case, to the partners who work on
it, and to the resident who entered it. It may not be told to other residents, nor to partners who are not involved. If
a case has several contacts, each of them has entered their own text; and somebody who acted in another case may be a
resident. The rule follows the text wherever it is passed on (`give`, `bring`), and covers messages that quote what was
entered with an action (`answer`, `result`, `dispatched`, `withdrawn`, `agenda`, `minutes`).

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

To fix it, use a kind of message that does not quote the field (`progress`), or let staff write what is told.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.data_flow import (
    DataFlow,
    FieldKey,
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
    """Report every notification that quotes a resident's private words to somebody not entitled to them."""
    flows = DataFlow(context.workspace)
    for source in flows.sources.values():
        for notification in quoting_notifications(source.procedure):
            for name in notification.fields:
                yield from _check_quotation(flows, source, notification, name)


def _check_quotation(
    flows: DataFlow, source: ProcedureSource, notification: QuotingNotification, name: str
) -> Iterator[Finding]:
    version = source.procedure
    key = FieldKey(version.name, name)
    field = version.fields.get(name)
    if field is None or not is_private(version, field) or key not in flows.residents:
        return
    if (
        name in notification.entered
        and notification.by
        and not any(is_outsider(version, actor) for actor in notification.by)
    ):
        return  # people in office enter it with this event
    hand_overs = flows.residents[key]
    reason = may_know(
        version, notification.tell.to, None if hand_overs else _list_quoted_contacts(version, notification, name)
    )
    if reason is None:
        return
    person = version.people.get(notification.tell.to)
    yield Finding(
        CODE,
        "error",
        say(
            "{who} would be told {field}, which a resident entered and is not public: {reason}",
            who=person.title or notification.tell.to if person else notification.tell.to,
            field=name,
            reason=reason,
        ),
        Place(source.file.path, notification.tell.route, key=True),
        say("use a kind of message that does not contain it, or a field that staff fill in"),
        (flows.defined(hand_overs[0].source if hand_overs else key),),
        trace=flows.trace(hand_overs),
    )


def _list_quoted_contacts(version: Procedure, notification: QuotingNotification, name: str) -> frozenset[str]:
    """List the contacts whose words the field holds: those who enter it with the event, else all its authors."""
    return (
        contacts_of(version, notification.by)
        if name in notification.entered and notification.by
        else authors(version, name)
    )
