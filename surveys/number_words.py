"""The numbers from 0 to 100 in French and English words, as they stand in folded text."""

UNITS = {
    "fr": "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept"
    " dix-huit dix-neuf",
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen",
}
# The tens and what is counted on from each: French goes on to "soixante-dix-neuf", Belgium and Switzerland do not.
TENS = {
    "fr": (
        ("vingt", 20, 9), ("trente", 30, 9), ("quarante", 40, 9), ("cinquante", 50, 9), ("soixante", 60, 19),
        ("septante", 70, 9), ("quatre-vingt", 80, 19), ("quatre-vingts", 80, 0), ("huitante", 80, 9),
        ("octante", 80, 9), ("nonante", 90, 9),
    ),
    "en": (
        ("twenty", 20, 9), ("thirty", 30, 9), ("forty", 40, 9), ("fourty", 40, 9), ("fifty", 50, 9), ("sixty", 60, 9),
        ("seventy", 70, 9), ("eighty", 80, 9), ("ninety", 90, 9),
    ),
}  # fmt: skip
HUNDRED = {"cent": 100, "une centaine": 100, "hundred": 100, "one hundred": 100, "a hundred": 100}


def _words() -> dict[str, int]:
    """Spaces for hyphens: "quatre-vingt-dix" is looked up as "quatre vingt dix"."""
    found = dict(HUNDRED) | {"une": 1}
    for language, tens in TENS.items():
        units = UNITS[language].split()
        found |= {unit: number for number, unit in enumerate(units)}
        for ten, value, further in tens:
            found[ten] = value
            found |= {f"{ten} {units[number]}": value + number for number in range(1, further + 1)}
    for ten, value, further in TENS["fr"]:  # "vingt et un", "vingt et une", "soixante et onze"
        found |= {f"{ten}{joiner}une": value + 1 for joiner in (" ", " et ") if further}
        found |= {f"{ten} et un": value + 1 for _ in range(min(further, 1))}
        found |= {f"{ten} et onze": value + 11 for _ in range(further // 11)}
    return {phrase.replace("-", " "): number for phrase, number in found.items()}


NUMBER_WORDS = _words()
MOST_WORDS = max(len(phrase.split()) for phrase in NUMBER_WORDS)


def leading_number_word(text: str) -> tuple[int, int] | None:
    """The longest number in words that leads folded ``text``, and where it ends; None if none does."""
    ends, place = [], 0
    for _ in range(MOST_WORDS):
        start = place
        while place < len(text) and text[place].isalpha():
            place += 1
        if place == start:
            break
        ends.append(place)
        if text[place : place + 1] not in {" ", "-"}:
            break
        place += 1
    for end in reversed(ends):
        number = NUMBER_WORDS.get(text[:end].replace("-", " "))
        if number is not None:
            return number, end
    return None
