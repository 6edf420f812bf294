"""List the characters that no font shows: the property Default_Ignorable_Code_Point of Unicode 17.0.0.

Written by docs/unicode_ranges.py from DerivedCoreProperties-17.0.0.txt.
The ranges include code points that are reserved for invisible characters to come.
"""

DEFAULT_IGNORABLE = (
    "\u00ad"
    "\u034f"
    "\u061c"
    "\u115f-\u1160"
    "\u17b4-\u17b5"
    "\u180b-\u180f"
    "\u200b-\u200f"
    "\u202a-\u202e"
    "\u2060-\u206f"
    "\u3164"
    "\ufe00-\ufe0f"
    "\ufeff"
    "\uffa0"
    "\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
"""A part of a character class of regular expressions."""
