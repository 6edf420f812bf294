"""
# FJ506 · A personal number in a file

The files of a workspace are versioned: everybody who may read them can read their history forever, and titles and notes
appear on screens, notices and pull requests. Mobile and identity numbers belong only in the vault, where they can be
erased. Numbers with a wrong check digit and those of units (`contact` of a partner) are not reported; comments and
other personal data must be reviewed by people.

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

To fix it, remove the number; in a case, use a field of type `contact`. A committed number stays in the history of the
files, so tell whoever maintains it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fujin_cli.core.findings.finding import Finding, Place, Route, Severity
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.rules.support.context import RuleContext

CODE = "FJ506"
SEVERITY: Severity = "warning"

_ALONE, _SO_FAR = "(?<![0-9A-Za-z_+.-])", "(?![0-9A-Za-z_-])"  # no part of a longer number or code
_MOBILE = re.compile(_ALONE + r"(?:(?:\+|00)?86[ -]?)?1[3-9]\d([ -]?)\d{4}\1\d{4}" + _SO_FAR)
_IDENTITY = re.compile(
    _ALONE + r"\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]" + _SO_FAR,
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999: ISO 7064, MOD 11-2
_CHECKS = "10X98765432"
_SHORTEST = 11


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every text that holds a personal number; the finding does not repeat the number."""
    for file in context.workspace.files:
        for route, text in _list_texts(file.tree, ()):
            number_kind = _find_personal_number(text)
            if number_kind is not None and not (file.kind == "partners" and route[-1] == "contact"):
                yield Finding(
                    CODE,
                    "warning",
                    say("this file, whose history cannot be erased, contains {what}", what=number_kind),
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


def _find_personal_number(text: str) -> LocalizedText | None:
    if _MOBILE.search(text):
        return say("what looks like a mobile number")
    if any(_has_valid_check_digit(match[0]) for match in _IDENTITY.finditer(text)):
        return say("what looks like an identity number")
    return None


def _has_valid_check_digit(number: str) -> bool:
    """Whether the last character is the check digit of the others."""
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECKS[total % 11] == number[-1].upper()
