"""
# FJ213 · A community without a notice board

A procedure publishes on the community's notice board. Without a board, nobody would see it.

Failing:

```yaml fail jurisdiction.yaml
boards:
  C2-board: {title: Board at the gate, community: C1}
```

Passing:

```yaml pass jurisdiction.yaml
boards:
  C2-board: {title: Board of the second community, community: C2}
```

To fix it, add a board for the community under `boards`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.procedure_source import effect_trees, procedure_sources

CODE = "FJ213"
SEVERITY: Severity = "warning"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every community without a notice board, if some procedure publishes."""
    workspace = context.workspace
    path = workspace.path_of("jurisdiction")
    publication = _find_first_publication(workspace)
    if publication is None or any(file.pruned for file in workspace.files if file.path == path):
        return
    boarded = {board.get("community") for board in workspace.organisation.boards.values()}
    for community in workspace.organisation.communities.values():
        if community.id not in boarded:
            yield Finding(
                CODE,
                "warning",
                say("{community} has no notice board", community=community.title),
                Place(path, ("communities", community.id), key=True),
                say("add under boards: {id}-board: {{title: …, community: {id}}}", id=community.id),
                (Related(say("this is published on it"), publication),),
            )


def _find_first_publication(workspace: Workspace) -> Place | None:
    for source in procedure_sources(workspace):
        for route, _ in effect_trees(source):
            for mention in source.names((*route, "publish")):
                return mention.place
    return None
