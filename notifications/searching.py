"""Finding a recipient by what a person types."""

import re

# France and its overseas numbers: the same 0 in front stands for each of these.
_FRENCH = ("+33", "+262", "+590", "+594", "+596")
# How a French number with ten digits goes on abroad; all others go on with +33.
_OVERSEAS = {
    "0262": "+262", "0269": "+262", "0639": "+262", "0692": "+262", "0693": "+262",
    "0590": "+590", "0690": "+590", "0691": "+590",
    "0594": "+594", "0694": "+594",
    "0596": "+596", "0696": "+596", "0697": "+596",
}  # fmt: skip
# Kept for fiction on the mainland by the French regulator.
_FICTION = "063998"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def address_typed(text: str) -> str | None:
    """Return the one address ``text`` means, as messages are sent to it; None where it is no address.

    A French number of ten digits is read as one of its own territory.
    """
    found = candidates(text)
    if not found or (("@" in found[0]) and not _EMAIL.fullmatch(found[0])):
        return None
    if len(found) == 1:
        return found[0].lower()
    national = "0" + found[0].removeprefix("+33")
    prefix = "+33" if national.startswith(_FICTION) else _OVERSEAS.get(national[:4], "+33")
    return prefix + national[1:]


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
