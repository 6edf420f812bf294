"""List the values that TAB completes, each with its title, from files and stored summaries; nothing is compiled."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from fujin_cli.commands.common.tab_words import Node, Position, options_of
from fujin_cli.core.model.organisation import REFERENCES, Organisation, build_organisation
from fujin_cli.core.text.localized import LocalizedText, plain_title_of
from fujin_cli.language import current_language, read_explain_page
from fujin_cli.use_cases.session import Session

Values = Iterable[tuple[str, Any]]  # value → its title: a text, or a map of languages
Tree = Mapping[str, Any]


class Completion(NamedTuple):
    """Hold a word that TAB offers, and what it stands for; ``is_open`` words go on: ``lead=``."""

    word: str
    help: str
    is_open: bool = False


class CompletionValues:
    """List the values of a workspace for a position of the cursor."""

    def __init__(self, table: Node, position: Position) -> None:
        self._table = table
        self._position = position

    def list_values(self) -> Values:
        """List all values that may stand at the position, whatever its word begins with."""
        kind = self._position.kind
        if kind.startswith("="):
            return [(choice, "") for choice in kind[1:].split("|")]
        lister: Callable[[], Values] | None = getattr(self, f"_list_{kind}", None)
        return lister() if lister else self._list_references(kind)

    @cached_property
    def _session(self) -> Session:
        folders = [*self._position.options.get("--workspace", ()), *self._position.options.get("-w", ())]
        return Session(Path(folders[-1]) if folders else None)

    @cached_property
    def _trees(self) -> list[tuple[str, Tree]]:
        """The kind and tree of each file that can be read."""
        return [(kind, tree) for _path, kind, _name, tree, _pruned in self._session.loaded.files if tree]

    @cached_property
    def organisation(self) -> Organisation:
        """The organisation, without the procedures."""
        return build_organisation({str(number): file for number, file in enumerate(self._trees)})

    def _procedures(self) -> dict[str, Tree]:
        return {tree["procedure"]: tree for kind, tree in self._trees if kind == "procedure"}

    def _list_references(self, kind: str) -> Values:
        """List the ids that a field of a type takes, where the organisation declares them."""
        things = REFERENCES[kind](self.organisation) if kind in REFERENCES else {}
        return [(id, thing.get("title") if isinstance(thing, Mapping) else thing.title) for id, thing in things.items()]

    def _list_command(self) -> Values:
        commands = self._position.node["commands"].items()
        return [(name, str(LocalizedText(node["help"]))) for name, node in commands]

    def _list_option(self) -> Values:
        options = options_of(self._position.node, self._table).items()
        return [(name, str(LocalizedText(help))) for name, (_kind, help) in options if name.startswith("--")]

    def _list_code(self) -> Values:
        """List the codes of findings with their titles, in Chinese from the pages that `explain` shows."""
        codes: Values = self._table["codes"].items()
        if current_language() != "zh":
            return codes
        pages = {code: read_explain_page("zh", code) or "" for code, _title in codes}
        return [(code, pages[code].partition(" · ")[2].partition("\n")[0] or title) for code, title in codes]

    def _list_case(self) -> Values:
        """List open cases by the bytes of their volumes; what they are about stands in the summaries kept last."""
        from fujin_cli.store.ledger.factory import list_open_case_ids
        from fujin_cli.store.ledger.summary_cache import read_kept_subjects

        subjects = read_kept_subjects(self._session.root)
        return [(id, subjects.get(id, "")) for id in sorted(list_open_case_ids(self._session.root))]

    def _list_message(self) -> Values:
        from fujin_cli.core.cases.evolve import replay

        for stored in self._session.ledger.waiting_cases():
            for notification in replay(stored.case, stored.events).waiting_notifications():
                yield notification.id, str(notification.tell.get("to", ""))

    def _list_community(self) -> Values:
        return [(unit.id, unit.title) for unit in self.organisation.communities.values()]

    def _list_street(self) -> Values:
        return [(unit.id, unit.title) for unit in self.organisation.streets.values()]

    def _list_role(self) -> Values:
        return [(role, _get(spec, "title")) for role, spec in self.organisation.roles.items()]

    def _list_sort(self) -> Values:
        sorts = {str(spec.get("sort")) for spec in self.organisation.partners.values() if spec.get("sort")}
        return [(sort, "") for sort in sorted(sorts)]

    def _list_order(self) -> Values:
        from fujin_cli.core.listing.sorting import ORDERS

        return [(order, "") for order in ORDERS]

    def _list_roster(self) -> Values:
        organisation = self.organisation
        units = {**organisation.streets, **organisation.communities, **organisation.committees}
        return [(id, units[id].title if id in units else organisation.title) for id in organisation.rosters]

    def _list_person(self) -> Values:
        return {member.person: member.name for member in self.organisation.people()}.items()

    def _list_actor(self) -> Values:
        return [*self._list_person(), *self._list_references("partner"), ("reporter", ""), ("resident", "")]

    def _list_procedure(self) -> Values:
        return [(name, tree.get("title")) for name, tree in self._procedures().items()]

    def _list_step(self) -> Values:
        chosen = self._position.options.get("--procedure")
        trees = [tree for name, tree in self._procedures().items() if not chosen or name in chosen]
        return {step: _get(spec, "title") for tree in trees for step, spec in (tree.get("steps") or {}).items()}.items()

    def _chosen_procedures(self) -> list[Tree]:
        """List the procedures that the command line chooses: all of them without ``--procedure``."""
        chosen = self._position.options.get("--procedure")
        return [tree for name, tree in self._procedures().items() if tree.get("steps") and name in (chosen or [name])]

    def _list_channel(self) -> Values:
        tree = self._procedures().get(self._position.find_argument("procedure") or "", {})
        return [(channel, "") for channel in _get(tree.get("opened"), "from") or ()]

    def _list_view(self) -> Values:
        from fujin_cli.use_cases.saved_views import list_views

        titles = {name: view.title for name, (view, _place) in list_views(self._session).items()}
        return [(name, title if isinstance(title, Mapping) else str(title or "")) for name, title in titles.items()]

    def _list_column(self) -> Values:
        """List the columns of lists, the fields of cases too, behind those that the word has already."""
        from fujin_cli.core.listing.filters import COLUMN_NAMES

        fields = {name: spec for tree in self._procedures().values() for name, spec in tree.get("fields", {}).items()}
        columns = {name: _get(spec, "title") for name, spec in fields.items()} | dict.fromkeys(COLUMN_NAMES)
        typed = _cut_behind_comma(self._position.incomplete)
        return [(f"{typed}{name}", title) for name, title in columns.items()]

    def _list_action(self) -> Values:
        """List the actions at the step of the first case, and where several cases may stand, cases too.

        For an option of a list, they are the actions of all procedures.
        """
        if not self._position.node.get("arguments"):
            return self._list_all_actions()
        actions = [(name, _get(spec, "title")) for name, spec in self._actions().items()]
        is_many = any(is_many for _kind, is_many in self._position.node.get("arguments", ()))
        return [*actions, *(self._list_case() if is_many else ())]

    def _list_all_actions(self) -> Values:
        steps = [_get(spec, "actions") or {} for tree in self._chosen_procedures() for spec in tree["steps"].values()]
        anytime = [tree.get("anytime") or {} for tree in self._chosen_procedures()]
        return {name: _get(spec, "title") for actions in (*steps, *anytime) for name, spec in actions.items()}.items()

    def _actions(self) -> dict[str, Any]:
        """Map the actions that stand at the step of the case, or anywhere, to what the procedure says of them."""
        step, tree = self._step_and_procedure()
        anytime = {
            name: spec
            for name, spec in (tree.get("anytime") or {}).items()
            if step in (_get(spec, "in") or [step]) and step not in (_get(spec, "except") or ())
        }
        return {**(_get((tree.get("steps") or {}).get(step), "actions") or {}), **anytime}

    def _step_and_procedure(self) -> tuple[str, Tree]:
        """Find the step of the case on the command line, and the version of its procedure that it follows."""
        from fujin_cli.use_cases.find_cases import find_case

        reference = self._position.find_argument("case")
        if reference is None:
            return "", {}
        if reference.startswith("@"):
            from fujin_cli.commands.common.terminal_references import recall_at_tab

            reference = recall_at_tab(self._session, reference) or reference
        case = self._session.case(find_case(self._session, reference.partition(".")[0]) or reference)
        text = self._session.ledger.procedure_text(case.version_digest)
        return case.step, json.loads(text or "{}")

    def _list_field(self) -> Values:
        """List ``FIELD=`` for the fields that may be entered, and behind the sign the values of one."""
        name, equals, typed = self._position.incomplete.partition("=")
        fields = self._fields()
        if not equals:
            return [(f"{field}=", _get(spec, "title")) for field, spec in fields.items()]
        spec = fields.get(name.removesuffix("+"))
        return [(f"{name}={_cut_behind_comma(typed)}{value}", title) for value, title in self._values_of(spec)]

    def _fields(self) -> dict[str, Any]:
        """Map the fields that the action, or the opening of a case, may take."""
        procedure = self._position.find_argument("procedure")
        if procedure is not None:
            fields = self._procedures().get(procedure, {}).get("fields") or {}
            return {name: spec for name, spec in fields.items() if not _get(spec, "computed")}
        step_fields = self._step_and_procedure()[1].get("fields") or {}
        action = self._position.find_argument("action")
        spec = self._actions().get(action or "")
        names = [*(_get(spec, "needs") or ()), *(_get(spec, "may") or ()), *(_get(spec, "amends") or ())]
        return {name: step_fields.get(name) for name in names} if names else dict(step_fields)

    def _values_of(self, spec: Any) -> Values:
        kind = spec if isinstance(spec, str) else _get(spec, "type") or "text"
        choices = _get(spec, "of")
        if kind == "list":
            kind, choices = choices if isinstance(choices, str) else "text", ()
        if kind == "choice":
            titles = choices if isinstance(choices, Mapping) else dict.fromkeys(choices or (), "")
            return titles.items()
        if kind == "yes_no":
            return [("yes", ""), ("no", "")]
        if kind == "case":
            return self._list_case()
        return self._list_person() if kind == "person" else self._list_references(kind)


def _cut_behind_comma(text: str) -> str:
    """Cut the last of several values off: ``police,wat`` → ``police,``."""
    return text[: text.rfind(",") + 1]


def _get(spec: Any, key: str) -> Any:
    """Get a key of what a file says of something; None where it says so little that it is no map."""
    return spec.get(key) if isinstance(spec, Mapping) else None


def find_completions(table: Node, position: Position, most: int) -> list[Completion]:
    """Find what TAB offers: the values that begin with the word, else the only one that resembles it.

    Several that only resemble the word are not offered: a shell would put their common beginning in its place.
    """
    values, word = list(CompletionValues(table, position).list_values()), position.incomplete
    matches = [(value, title) for value, title in values if value.startswith(word)]
    if not matches and word:
        matches = [(value, title) for value, title in values if _resembles(word, value, title)]
        matches = matches if len(matches) == 1 else []
    return [
        Completion(f"{position.prefix}{value}", plain_title_of(title or ""), is_open=value.endswith("="))
        for value, title in matches[:most]
    ]


def _resembles(word: str, value: str, title: Any) -> bool:
    """Whether a value has the word in it (``0002``), or a title in any language that begins so (``公安``)."""
    field, equals, typed = word.rpartition("=")
    if not value.startswith(f"{field}{equals}") or not typed:
        return False
    titles = title.values() if isinstance(title, Mapping) else [title or ""]
    own = value.removeprefix(f"{field}{equals}").casefold()
    return typed.casefold() in own or any(text.casefold().startswith(typed.casefold()) for text in titles)
