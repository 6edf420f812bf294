"""Read the file of one scenario, inside or outside a workspace, to replay it."""

from __future__ import annotations

from pathlib import Path

from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.model.scenario_file import Scenario, compile_scenario


def read_scenario(path: Path) -> tuple[Scenario | None, list[Finding], str]:
    """Read a scenario (None where the file has errors or is no scenario), its findings and its text. Raises OSError."""
    from fujin_cli.store.schema.check import check_shape
    from fujin_cli.store.yaml.limits import BYTES
    from fujin_cli.store.yaml.read import read_yaml

    with path.open("rb") as file:
        content = file.read(BYTES + 1)  # one byte more shows that the file is too large: /dev/zero has no end
    source = read_yaml(content, str(path))
    checked = check_shape(source)
    findings = [*source.findings, *checked.findings]
    if findings or checked.kind != "scenario" or checked.tree is None:
        return None, findings, source.text
    return compile_scenario(checked.tree, str(path)), [], source.text
