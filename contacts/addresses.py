"""Phone numbers and e-mail addresses in one written form, or a code that says why not."""

import re
from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberType

#: Two letters of each country whose numbers can be read.
COUNTRIES = frozenset(phonenumbers.SUPPORTED_REGIONS)
# A French log writes overseas numbers with ten digits like all others, but they belong to
# other calling codes (+590, +594, +596, +262): read as French ones they are invalid.
OVERSEAS = {
    "0590": "GP", "0690": "GP", "0691": "GP",
    "0594": "GF", "0694": "GF",
    "0596": "MQ", "0696": "MQ", "0697": "MQ",
    "0262": "RE", "0692": "RE", "0693": "RE",
    "0269": "YT", "0639": "YT",
}  # fmt: skip
# 06 39 98 is kept for fiction by the French regulator, so demonstrations reach nobody.
FICTION = re.compile(r"(?:\+33|0)63998\d{4}")
# What switchboards write when the caller hides the number: an absent number, not a wrong one.
HIDDEN = {
    *("anonymous", "unknown", "private", "restricted", "unavailable", "withheld", "none", "null", "-"),
    *("anonyme", "inconnu", "prive", "privé", "masque", "masqué"),
}
TAKES_SMS = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
OF_A_SERVICE = {
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.UAN,
    PhoneNumberType.VOICEMAIL,
}


class BadAddress(Exception):
    """An address nobody can be reached at; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Phone:
    """A number in E.164; ``takes_sms`` is False for a fixed line."""

    e164: str
    takes_sms: bool


def normalise_phone(raw: str, country: str = "FR") -> Phone | None:
    """The number ``raw`` stands for, or None where the log says that there is none.

    National numbers are read as of ``country`` (two letters). Raises BadAddress with
    ``phone-unreadable``, ``phone-invalid`` (no such number) or ``phone-of-service``
    (premium rate, toll free: never a customer's).
    """
    written = re.sub(r"^tel:", "", raw.strip(), flags=re.IGNORECASE)
    if not written or written.lower() in HIDDEN:
        return None
    compact = _compact(written)
    if FICTION.fullmatch(compact):
        return Phone("+33" + compact[-9:], takes_sms=True)
    number = _parsed(compact, country)
    if not phonenumbers.is_valid_number(number):
        raise BadAddress("phone-invalid")
    kind = phonenumbers.number_type(number)
    if kind in OF_A_SERVICE:
        raise BadAddress("phone-of-service")
    return Phone(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), kind in TAKES_SMS)


def _compact(written: str) -> str:
    """``written`` without the spaces, dots and brackets people put between digits."""
    return re.sub(r"[\s.()\-/\u2010-\u2015]", "", written)


def _parsed(compact: str, country: str) -> phonenumbers.PhoneNumber:
    national = re.sub(r"^(?:\+|00)33(?=[1-9]\d{8}$)", "0", compact)
    if country == "FR" or national != compact:
        overseas = OVERSEAS.get(national[:4]) if len(national) == 10 else None
        country, compact = (overseas, national) if overseas else (country, compact)
    try:
        return phonenumbers.parse(compact, country)
    except NumberParseException:
        raise BadAddress("phone-unreadable") from None


def normalise_email(raw: str) -> str | None:
    """The address ``raw`` stands for, in small letters, or None if it is empty.

    Raises BadAddress with ``email-invalid``. Whether the domain exists is not asked.
    """
    written = re.sub(r"^mailto:", "", raw.strip(), flags=re.IGNORECASE)
    if not written or written.lower() in HIDDEN:
        return None
    try:
        return validate_email(written, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise BadAddress("email-invalid") from None
