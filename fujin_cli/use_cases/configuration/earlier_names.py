"""Write ``was:`` into the definitions of renamed parts, by which the next version recognises them."""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Edit, Place
from fujin_cli.store.yaml.nodes import Mapping, Scalar, Sequence, span_from
from fujin_cli.store.yaml.read import Source, read_yaml
from fujin_cli.store.yaml.set_values import insert_pair

_MOST_NAMES = 2  # of an end: its id and its outcome


class EarlierNames:
    """Collect the earlier names of definitions in one file: an end may have two, one each for its id and outcome."""

    def __init__(self) -> None:
        self._definitions: list[tuple[Mapping, list[str]]] = []

    def add(self, definition: Mapping, old: str, is_stored: bool) -> None:
        """Note that a definition had the name ``old``.

        ``is_stored``: the ledger has the version with that name, so what ``was`` says there is about an older one.
        """
        names = next((names for mapping, names in self._definitions if mapping is definition), None)
        if names is None:
            names = [] if is_stored else _read_earlier_names(definition)
            self._definitions.append((definition, names))
        stated = definition.pairs.get("was")
        is_list = stated is not None and isinstance(stated[1], Sequence)
        if old not in names and (not names or ("end" in definition.pairs and len(names) < _MOST_NAMES) or is_list):
            names.append(old)

    def edits(self, source: Source) -> Iterator[Edit]:
        """Make the edits that write the names."""
        for definition, names in self._definitions:
            text = names[0] if len(names) == 1 else f"[{', '.join(names)}]"
            stated = definition.pairs.get("was")
            if stated is None:
                yield insert_pair(source, definition, f"was: {text}")
            elif names != _read_earlier_names(definition):
                yield Edit("exact", Place(source.path, span=span_from(stated[1].marks)), text)


def add_group_definition(text: str, path: str, new: str, old: str) -> str:
    """Add ``groups: {NEW: {was: OLD}}`` to a procedure that says nothing else of the group."""
    source = read_yaml(text.encode(), path)
    root = source.root_node
    stated = root.pairs.get("groups") if isinstance(root, Mapping) else None
    if stated is not None and isinstance(stated[1], Mapping) and stated[1].pairs:
        from fujin_cli.core.findings.fix import apply_edits

        return apply_edits(text, [insert_pair(source, stated[1], f"{new}: {{was: {old}}}")])
    return f"{text.rstrip()}\n\ngroups:\n  {new}: {{was: {old}}}\n"


def _read_earlier_names(definition: Mapping) -> list[str]:
    stated = definition.pairs.get("was")
    if stated is None:
        return []
    value = stated[1]
    members = value.members if isinstance(value, Sequence) else [value]
    return [member.text for member in members if isinstance(member, Scalar)]
