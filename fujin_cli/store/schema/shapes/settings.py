"""Define the shapes of ``settings``: durations, counts and shares that a community may set inside a range."""

from typing import Annotated, Any, ClassVar

from pydantic import Discriminator, Tag

from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.schema.shapes import choices
from fujin_cli.store.schema.shapes.base import Shape, key, must
from fujin_cli.store.schema.shapes.choices import SETTING_TYPES
from fujin_cli.store.schema.shapes.forms import one_of
from fujin_cli.store.schema.shapes.scalars import Count, Duration, Name, Share, Title


class SettingShape(Shape):
    """What every setting has."""

    expects: ClassVar[LocalizedText] = say(
        "a setting such as {example}", example="{type: duration, default: 2 working days}"
    )
    needs: ClassVar[tuple[str, ...]] = ("default",)
    title: Title | None = key("Its title on screens.")
    was: Name | None = key("Its id in the previous version, which `fujin diff` uses to recognise it.")
    type: Annotated[str, one_of(*SETTING_TYPES)] = must("What its value is.")


class DurationSetting(SettingShape):
    """A duration."""

    default: Duration | None = key("The default value.")
    from_: Duration | None = key("The shortest that may be set.")
    up_to: Duration | None = key("The longest that may be set.")


class CountSetting(SettingShape):
    """A whole number."""

    default: Count | None = key("The default value.")
    from_: Count | None = key("The smallest that may be set.")
    up_to: Count | None = key("The largest that may be set.")


class ShareSetting(SettingShape):
    """A share."""

    default: Share | None = key("The default value.")
    from_: Share | None = key("The smallest that may be set.")
    up_to: Share | None = key("The largest that may be set.")


class UnknownSetting(SettingShape):
    """A setting whose type is missing or unknown."""

    default: Any = key("")
    from_: Any = key("")
    up_to: Any = key("")


AnySetting = Annotated[
    Annotated[DurationSetting, Tag("|duration")]
    | Annotated[CountSetting, Tag("|count")]
    | Annotated[ShareSetting, Tag("|share")]
    | Annotated[UnknownSetting, Tag("|unknown")],
    Discriminator(choices.setting),
]
