"""Write the values of the workspace's settings for people: durations, weekdays, yes and no in words."""

from __future__ import annotations

from fujin_cli.core.calendar.duration import describe_duration, parse_duration
from fujin_cli.core.text.localized import say

_WEEKDAYS = {
    "monday": say("Monday"),
    "tuesday": say("Tuesday"),
    "wednesday": say("Wednesday"),
    "thursday": say("Thursday"),
    "friday": say("Friday"),
    "saturday": say("Saturday"),
    "sunday": say("Sunday"),
}
_ANSWERS = {"yes": say("yes"), "no": say("no")}


def setting_value_words(key: str, value: object) -> object:
    """Write the value of a setting in words; any other than a text stays, such as that it is not in force."""
    if not isinstance(value, str):
        return value
    if key == "rehearsal":
        return _ANSWERS.get(value, value)
    if key == "week":
        return [_WEEKDAYS.get(day, day) for day in value.split()]
    if key == "undo_within":
        try:
            return describe_duration(parse_duration(value))
        except ValueError:
            return value
    return value
