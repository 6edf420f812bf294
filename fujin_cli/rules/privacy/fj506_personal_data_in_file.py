"""
# FJ506 · Personal data in a file

The files of a workspace are versioned: everybody who may read them can read their history forever, and titles and notes
appear on screens, notices and pull requests. Mobile, identity and bank card numbers, number plates, e-mail addresses
and WeChat ids belong only in the vault, where they can be erased. They are found however they are spaced, and in
full-width digits too. Numbers with a wrong check digit, telephone numbers with an area code and what stands at the
`contact` of a partner are not reported; comments and other personal data must be reviewed by people.

Failing:

```yaml fail procedures/errand.yaml
clocks:
  answer: {title: ask Lin at 139 0000 0000, from: opened, until: {tells: asker}, within: answer-time}
```

Passing:

```yaml pass procedures/errand.yaml
clocks:
  answer: {title: time until the first answer, from: opened, until: {tells: asker}, within: answer-time}
```

To fix it, remove it; in a case, use a field of type `contact`. What was committed stays in the history of the
files, so tell whoever maintains it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fujin_cli.core.findings.finding import Finding, Place, Route, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.core.text.personal_data import WORDS, PersonalKind, find_personal_data
from fujin_cli.rules.support.context import RuleContext

CODE = "FJ506"
SEVERITY: Severity = "warning"

_SHORTEST = 6  # characters of the shortest value that is found


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every text that holds personal data; the finding does not repeat them."""
    for file in context.workspace.files:
        for route, text in _list_texts(file.tree, ()):
            if file.kind == "partners" and route[-1] == "contact":
                continue
            kinds = {datum.kind for datum in find_personal_data(text)} - {PersonalKind.LANDLINE}
            for kind in sorted(kinds):
                yield Finding(
                    CODE,
                    "warning",
                    say("this file, whose history cannot be erased, contains {what}", what=WORDS[kind]),
                    Place(file.path, route),
                    say("remove it; in a case, use a field of type contact, which the vault can erase"),
                )


def _list_texts(node: Any, route: Route) -> Iterator[tuple[Route, str]]:
    if isinstance(node, str):
        if len(node) >= _SHORTEST:
            yield route, node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _list_texts(value, (*route, key))
    elif isinstance(node, list):
        for index, element in enumerate(node):
            yield from _list_texts(element, (*route, index))
