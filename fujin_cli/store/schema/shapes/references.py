"""Define the types of ids in workspace files: what each name refers to, so that a rename finds every place.

The types are those of ``core.model.references``. A part of a procedure is looked up in the procedure that the file is
about; a ``called …`` one in the procedure that is opened.
"""

from __future__ import annotations

from typing import Annotated

from fujin_cli.core.text.localized import say
from fujin_cli.store.schema.shapes.base import LIST, TEXT, either
from fujin_cli.store.schema.shapes.forms import NAME, TEXT_FORM, like, refer

# of the workspace
WorkspaceId = Annotated[str, refer(NAME, "workspace")]
City = Annotated[str, refer(NAME, "city")]
Street = Annotated[str, refer(NAME, "street")]
CommunityId = Annotated[str, refer(NAME, "community")]
CommitteeId = Annotated[str, refer(NAME, "committee")]
Unit = Annotated[str, refer(NAME, "committee", "community", "street", "city")]
Office = Annotated[str, refer(NAME, "committee", "community")]
PersonId = Annotated[str, refer(NAME, "person")]
PartnerId = Annotated[str, refer(NAME, "partner")]
ActorId = Annotated[str, refer(NAME, "person", "partner")]
Owner = Annotated[str, refer(NAME, "person", "partner", "role", "people")]
RoleId = Annotated[str, refer(NAME, "role")]
Trait = Annotated[str, refer(NAME, "trait")]
MemberGroup = Annotated[str, refer(NAME, "member group")]
Topic = Annotated[str, refer(NAME, "topic")]
Kind = Annotated[str, refer(NAME, "kind")]
VenueId = Annotated[str, refer(NAME, "venue")]
BoardId = Annotated[str, refer(NAME, "board")]
ProcedureId = Annotated[str, refer(NAME, "procedure")]
CalledProcedure = Annotated[str, refer(NAME, "called procedure")]

# of a procedure
StepName = Annotated[str, refer(NAME, "step")]
ActionName = Annotated[str, refer(NAME, "action")]
FieldName = Annotated[str, refer(NAME, "field")]
PeopleName = Annotated[str, refer(NAME, "people")]
SettingName = Annotated[str, refer(NAME, "setting")]
GroupName = Annotated[str, refer(NAME, "group")]
FormName = Annotated[str, refer(NAME, "form")]
ClockName = Annotated[str, refer(NAME, "clock")]
GuaranteeName = Annotated[str, refer(NAME, "guarantee")]
Channel = Annotated[str, refer(NAME, "channel")]
OutcomeName = Annotated[str, refer(NAME, "outcome")]
Notice = Annotated[str, refer(NAME, "notice")]
EffectName = Annotated[str, refer(NAME, "effect")]
MessageKind = Annotated[str, refer(NAME, "field")]  # a kind of the language, or the field whose value is told
CommitteeOrField = Annotated[str, refer(NAME, "field", "committee")]
CalledField = Annotated[str, refer(NAME, "called field")]
SharedField = Annotated[str, refer(NAME, "field", "called field")]  # has the same name in both procedures
CalledOutcome = Annotated[str, refer(NAME, "called outcome")]
StepOrAnyEnd = Annotated[str, refer(like(r"any end|[A-Za-z0-9][A-Za-z0-9_-]{0,63}", say("a step, or any end")), "step")]
ActionOrReopening = Annotated[
    str,
    refer(
        like(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}(\.reopen)?", say("an action, or STEP.reopen")),
        "action",
        "step of reopening",
    ),
]
GivenField = Annotated[
    str, refer(like(r"this case|[A-Za-z0-9][A-Za-z0-9_-]{0,63}", say("a field, actor, or this case")), "field")
]
Actor = Annotated[
    str,
    refer(
        like(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", say("a name of the procedure's people, or an id")),
        "people",
        "person",
        "partner",
    ),
]
Event = Annotated[str, refer(NAME, "action", "group", "effect", "field")]  # of a scenario's line

# A value of the field, or the outcome of a case of the group, under whose name it stands.
Value = Annotated[str, refer(TEXT_FORM, "value")]
NamedValue = Annotated[str, refer(NAME, "value")]
ValueOrSetting = Annotated[str, refer(TEXT_FORM, "setting", "value")]
OutcomeText = Annotated[str, refer(TEXT_FORM, "outcome")]
Values = Annotated[
    Annotated[Value, TEXT] | Annotated[list[Value], LIST],
    either(say("a value or a list of values")),
]
