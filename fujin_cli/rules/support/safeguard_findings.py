"""Build the findings about safeguards that a new version drops or weakens, and about moves that lead elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Related
from fujin_cli.core.model.ids import RuleName
from fujin_cli.core.model.procedure import Action, Procedure
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.core.versions.compare import ProcedureDifference, Side
from fujin_cli.core.versions.retargeted_moves import RetargetedMove
from fujin_cli.core.versions.safeguards import Weakening, WeakeningKind
from fujin_cli.core.wording.labels import field_labels, make_label, person_label, step_label

CODES: dict[WeakeningKind, str] = {
    "told": "FJ612",
    "raised": "FJ612",
    "together": "FJ612",
    "limit": "FJ613",
    "spaced": "FJ613",
    "window": "FJ613",
    "within": "FJ613",
    "at_least": "FJ613",
    "at_most": "FJ613",
    "counts": "FJ614",
    "proof": "FJ615",
    "not": "FJ616",
}
WEAKER_SAFEGUARDS = frozenset(CODES.values())
HELPS = {
    "FJ612": say("tell them again, or say in the review why they need not know"),
    "FJ613": say("restore the bound, or say in the review why more is allowed"),
    "FJ614": say("restore `counts_as`, or say in the review why it counts for less"),
    "FJ615": say("take the name out or ask for a proof, or say in the review why more people may do this"),
    "FJ616": say("exclude them again, or say in the review why they may act"),
}


def weakened_safeguards(difference: ProcedureDifference, old: Side, new: Side) -> Iterator[Finding]:
    """Report every safeguard that is weaker than before."""
    before, after = difference.old, difference.new
    for weakening in difference.weakened if before is not None and after is not None else ():
        assert before is not None and after is not None and weakening.old_place is not None  # noqa: S101
        code = CODES[weakening.kind]
        now = (Related(say("the new version says this"), new.at(weakening.new_place)),) if weakening.new_place else ()
        message = _weaker_message(weakening, before, after)
        yield Finding(code, "warning", message, old.at(weakening.old_place), HELPS[code], now)


def _weaker_message(weakening: Weakening, old: Procedure, new: Procedure) -> LocalizedText:
    at, name, detail = _label_moment(weakening.rule, old), weakening.name, weakening.detail
    match weakening.kind:
        case "told" if not name:
            return say("{move} no longer publishes {notice}", move=at, notice=detail)
        case "told":
            kind = field_labels(old, [detail])[0] if detail in old.fields else detail
            return say("{move} no longer tells {person}: {kind}", move=at, person=person_label(old, name), kind=kind)
        case "raised":
            return say("{move} no longer raises the case to the level {level}", move=at, level=name)
        case "together":
            others = field_labels(old, [detail])[0]
            return say(
                "{others} are no longer told together with {person}", others=others, person=person_label(old, name)
            )
        case "counts":
            return say("{end} no longer counts as {mark}", end=step_label(old, name), mark=detail)
        case "proof":
            return _proof_message(weakening, at, new)
        case "not":
            return _exclusion_message(weakening, at, old)
    return _bound_message(weakening, at, old)


def _proof_message(weakening: Weakening, at: object, new: Procedure) -> LocalizedText:
    if weakening.detail == "raised":
        return say(
            "{move} needed a proof, and the level {level} may do it now when the case is raised to it",
            move=at,
            level=weakening.name,
        )
    return say(
        "{move} needed a proof, and more people may do it now: {person}",
        move=at,
        person=person_label(new, weakening.name),
    )


def _exclusion_message(weakening: Weakening, at: object, old: Procedure) -> LocalizedText:
    if weakening.rule:
        field = field_labels(old, [weakening.name])[0]
        excluded = field_labels(old, [weakening.detail])[0]
        return say("{move} no longer excludes {excluded} from {field}", move=at, excluded=excluded, field=field)
    person, excluded = person_label(old, weakening.name), person_label(old, weakening.detail)
    return say("{person} no longer excludes {excluded}", person=person, excluded=excluded)


def _bound_message(weakening: Weakening, at: object, old: Procedure) -> LocalizedText:
    values = {"move": at, "before": weakening.before, "after": weakening.after}
    if weakening.name:
        values["field"] = field_labels(old, [weakening.name])[0]
    gone = weakening.after is None
    match weakening.kind:
        case "limit" if gone:
            return say("{move} no longer has a limit; it was {before}", **values)
        case "limit":
            return say("{move} may be done more often: the limit was {before} and is {after}", **values)
        case "spaced" if gone:
            return say("{move} may be repeated at once; {before} had to pass", **values)
        case "spaced":
            return say("{move} may be repeated sooner: after {before} before, after {after} now", **values)
        case "window" if gone:
            return say("{move} is no longer limited to {before}", **values)
        case "window":
            return say("{move} is possible for longer: {before} before, {after} now", **values)
        case _ if gone:
            return say("{move} no longer bounds {field}; the bound was {before}", **values)
    return say("{move} bounds {field} less: {before} before, {after} now", **values)


def _label_moment(rule: str, version: Procedure) -> object:
    """Name an action, a deadline, an arrival or the opening, to begin a sentence."""
    if not rule:
        return say("the opening")
    if rule in version.steps:
        return say("arriving at {step}", step=step_label(version, rule))
    move = next(move for move in version.all_moves() if move.rule == rule)
    step = RuleName(rule).step
    if isinstance(move, Action) and move.by:
        label = make_label(move.title, move.name)
        return say("{step}: {action}", step=step_label(version, step), action=label) if step in version.steps else label
    if isinstance(move, Action):
        return say("an automatic move at {step}", step=step_label(version, step))
    return say("the ladder of {step}", step=step_label(version, step))


def retargeted_moves(difference: ProcedureDifference, old: Side, new: Side) -> Iterator[Finding]:
    """Report every move that leads elsewhere. A step that may only have been renamed counts if runs are refused."""
    before, after = difference.old, difference.new
    if before is None or after is None:
        return
    for move in reported_retargets(difference):
        label = _label_moment(move.rule, before)
        values = {"old": _label_target(before, move.old_target), "new": _label_target(after, move.new_target)}
        message = say("{move} leads elsewhere: to {old} before, to {new} now", move=label, **values)
        if move.overflow:
            message = say(
                "{move} leads elsewhere once its limit is used up: to {old} before, to {new} now", move=label, **values
            )
        help = say("lead it back, or add an action for the new way; if only the step was renamed, say `was: OLD` there")
        related = (Related(say("the new version says this"), new.at(move.new_place)),)
        yield Finding("FJ605", "warning", message, old.at(move.old_place), help, related)


def reported_retargets(difference: ProcedureDifference) -> list[RetargetedMove]:
    """List the moves that surely lead elsewhere; the others only where the new version refuses a run."""
    refuses = difference.behaviour is not None and difference.behaviour.forbidden is not None
    return [move for move in difference.retargeted if move.is_certain or refuses]


def explains_refusal(difference: ProcedureDifference) -> bool:
    """Whether the shortest run that is refused passes a move that leads elsewhere."""
    run = difference.behaviour.forbidden if difference.behaviour else None
    retargeted = {(move.rule, move.overflow) for move in reported_retargets(difference)}
    return run is not None and any((edge.label.rule, edge.label.overflow) in retargeted for edge in run.edges)


def _label_target(version: Procedure, step: str | None) -> object:
    return say("the same step") if step is None else step_label(version, step)
