r"""
# FJ007 · Not text

The file is not UTF-8 text, or there are characters in it that cannot be seen: control characters, separators of lines
that editors count differently, or characters that turn the direction of reading, so that a reviewer sees something else
than fujin reads. The same holds for escapes in double quotes that stand for such characters.

Failing:

```yaml fail
menu: committees
topics:
  water: {title: "Water \e[31mand drains"}
kinds: {}
```

Passing:

```yaml pass
menu: committees
topics:
  water: {title: "Water and drains"}
kinds: {}
```

To mend it, save the file as UTF-8 (a file that was saved as GBK or UTF-16 has to be saved anew), and delete the
character that is marked; your editor can show such characters.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ007"
SEVERITY: Severity = "error"
