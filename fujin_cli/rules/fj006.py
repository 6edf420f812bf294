"""
# FJ006 · YAML that is not read

YAML can do more than a file of facts needs, and some of it can be turned against whoever reads the file. So these are
refused: tags (`!!…`), merge keys (`<<`), several documents in one file, keys that are lists or mappings, more than 64
levels of nesting, aliases inside their own anchor or so many that they multiply, more than 200 000 values, and files of
more than 2 MiB. Plain aliases are read.

Failing:

```yaml fail
workspace: my-city
title: &title {zh: 我的城市}
languages: [zh]
zone: Asia/Shanghai
calendar:
  <<: *title
```

Passing:

```yaml pass
workspace: my-city
title: {zh: 我的城市}
languages: [zh]
zone: Asia/Shanghai
calendar: {country: CN}
```

To mend it, write out what the merge key or the tag was to bring, and split what is too large into several files.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ006"
SEVERITY: Severity = "error"
