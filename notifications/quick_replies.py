"""What a customer would likely answer, read from what was asked; a convenience of the simulated phone."""

import re

#: Always at hand, whatever was asked.
ALWAYS = ("STOP", "START")
# "de 0 à 10", "from 1 to 5", "de 1 (pas du tout) à 5".
_SCALE = re.compile(r"\b(\d{1,2})(?:\s*\([^)]*\))?\s*(?:à|a|to|-|–)\s*(\d{1,2})\b")
_LISTED = re.compile(r"(?:chiffre|number) ?: (.+)")
_NUMBERED = re.compile(r"(?:^|, )(\d{1,2}) ")
_YES_NO = (("OUI", "NON"), ("YES", "NO"))
_HIGHEST = 10


def quick_replies(asked: str) -> tuple[str, ...]:
    """Return the answers that ``asked`` seems to want, in order; none where it wants the customer's own words.

    A scale is taken for one only up to ten, so that a date or an hour is no scale.
    """
    if listed := _LISTED.search(asked):
        return tuple(_NUMBERED.findall(listed[1]))
    for pair in _YES_NO:
        if all(re.search(rf"\b{word}\b", asked) for word in pair):
            return pair
    for lowest, highest in reversed([(int(low), int(high)) for low, high in _SCALE.findall(asked)]):
        if lowest in (0, 1) and lowest < highest <= _HIGHEST:
            return tuple(str(value) for value in range(lowest, highest + 1))
    return ()
