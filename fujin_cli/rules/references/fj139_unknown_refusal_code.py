"""
# FJ139 · An unknown refusal code

A scenario can expect a refusal with a certain code. Refusals have codes of the family 8, and not every number of the
family is used.

Failing:

```yaml fail scenarios/decline.yaml
scenario: decline
title: The chief does not decline
procedure: errand
then: {refused: FJ890, action: {decline: {as: chief}}}
```

Passing:

```yaml pass scenarios/decline.yaml
scenario: decline
title: The chief does not decline
procedure: errand
then: {refused: FJ803, action: {decline: {as: chief}}}
```

To fix it, use the code of a refusal, which `fujin explain` describes, or `any`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fujin_cli.core.findings import refusals
from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import language_words, unknown_name
from fujin_cli.rules.support.scenario_source import scenario_files

CODE = "FJ139"
SEVERITY: Severity = "error"
_CODES = {text for text in vars(refusals).values() if isinstance(text, str) and re.fullmatch(r"FJ8\d\d", text)}
BY_ENGINE = {code for code in _CODES if int(code[2:]) < 820}
CODES = (*sorted(BY_ENGINE), refusals.NOTHING_SUCH)


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every expected refusal whose code does not exist."""
    codes = language_words(*CODES, "any")
    for scenario, file in scenario_files(context.workspace):
        code = scenario.then.text_at("refused")
        if code is not None and code not in codes:
            message = say("{code} is not the code of a refusal", code=code)
            yield unknown_name(CODE, message, Place(file.path, ("then", "refused")), code, codes)
