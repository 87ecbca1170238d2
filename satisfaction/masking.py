"""Taking a name out of what a customer wrote."""

import re

#: Stands where words were. It does not tell how long they were.
MASK = "[…]"
#: Whose words they are: the name of one of us, of somebody else, or what leads to a person otherwise.
MASK_REASONS = ("staff", "person", "other")


def masked(text: str, phrase: str) -> tuple[str, int]:
    """(the text with ``phrase`` masked wherever it stands as whole words, in any case of letters; how many times)."""
    words = phrase.split()
    if not words:
        return text, 0
    pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, words)) + r"(?!\w)"
    return re.subn(pattern, MASK, text, flags=re.IGNORECASE)
