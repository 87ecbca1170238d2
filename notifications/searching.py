"""Finding a recipient by what a person types."""

import re

# France and its overseas numbers: the same 0 in front stands for each of these.
_FRENCH = ("+33", "+262", "+590", "+594", "+596")


def candidates(text: str) -> list[str]:
    """Return the addresses ``text`` may stand for, as the outbox writes them; none for what is neither kind."""
    text = text.strip()
    if "@" in text:
        return [text]
    digits = re.sub(r"[\s.\-()/]", "", text)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if re.fullmatch(r"\+\d{6,15}", digits):
        return [digits]
    if re.fullmatch(r"0\d{9}", digits):
        return [prefix + digits[1:] for prefix in _FRENCH]
    return []
