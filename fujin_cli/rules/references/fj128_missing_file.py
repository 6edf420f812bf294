"""
# FJ128 · A missing file that others refer to

Communities, roles and levels are defined in `jurisdiction.yaml`, kinds of committee and topics in `menu.yaml`, partners
in `partners.yaml`. Without the file, references to it cannot be checked, and no case can be opened.

Failing:

```yaml fail jurisdiction.yaml
menu: second
kinds: {}
```

Passing:

```yaml pass jurisdiction.yaml
title: Another town
```

To fix it, write the file; `fujin init` creates a small example. `partners.yaml` is not needed if no procedure refers to
partners, and `menu.yaml` is not needed without committees.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.file_index import FileIndex, index_files
from fujin_cli.rules.support.procedure_source import procedure_sources

CODE = "FJ128"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report the kinds of file that the workspace needs and does not have."""
    files = index_files(context.workspace)
    head = next((file.path for file in files.by_kind.get("workspace", ())), "")
    if not head or files.unreadable:
        return  # the missing file may be one of those that cannot be read
    for kind, is_needed, where in (
        ("jurisdiction", True, None),
        ("menu", *_need_of(files, "committee")),
        ("partners", *_need_of_partners(context.workspace)),
    ):
        if is_needed and kind not in files.by_kind:
            related = (Related(say("it is needed here"), where),) if where else ()
            yield Finding(
                CODE, "error", _describe_missing_file(kind), Place(head, ("workspace",)), _advise(kind), related
            )


def _need_of(files: FileIndex, kind: str) -> tuple[bool, Place | None]:
    files_of_kind = files.by_kind.get(kind, ())
    return bool(files_of_kind), Place(files_of_kind[0].path, ("kind",)) if files_of_kind else None


def _need_of_partners(workspace: Workspace) -> tuple[bool, Place | None]:
    for source in procedure_sources(workspace):
        for field in source.procedure.fields.values():
            if field.item_type == "partner":
                return True, source.place((*field.route, "of" if field.is_list else "type"))
    return False, None


def _describe_missing_file(kind: str) -> LocalizedText:
    return say("the workspace has no file of the kind {kind}", kind=kind)


def _advise(kind: str) -> LocalizedText:
    return say("add workflows/{kind}.yaml; its first key is {kind}", kind=kind)
