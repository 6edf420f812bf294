"""
# FJ149 · A language without screens

The screens of fujin are in Chinese (`zh`) and English (`en`). A workspace may declare other languages and give its
titles in them: such titles are shown where there is none in the language of the screens. The sentences around them stay
Chinese or English.

Failing:

```yaml fail workspace.yaml
languages: [en, fr]
```

Passing:

```yaml pass workspace.yaml
languages: [en, zh]
```

To fix it, leave the language out if no title is in it. Otherwise keep it, because this is only information, and write
behind the line `# fujin: ignore[FJ149]` and the reason.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.language import LANGUAGES, find_screen_language
from fujin_cli.rules.support.context import RuleContext

CODE = "FJ149"
SEVERITY: Severity = "info"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every declared language in which there are no screens."""
    for file in context.workspace.files:
        if file.kind != "workspace" or not file.tree:
            continue
        for tongue in file.tree.get("languages") or ():
            if find_screen_language(tongue) is None:
                yield Finding(
                    CODE,
                    "info",
                    say("there are no screens in the language {language}", language=tongue),
                    Place(file.path, ("languages", tongue)),
                    say(
                        "titles in it are shown; the sentences around them are in one of {languages}",
                        languages=LANGUAGES,
                    ),
                )
