"""Phone numbers and e-mail addresses in one written form, or a code that says why not."""

import re
from dataclasses import dataclass
from functools import lru_cache

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
# Letters, digits and a few signs that mean nothing else; the rest is the library's.
PLAIN_EMAIL = re.compile(r"([A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*)@([A-Za-z0-9.-]+)")
LONGEST_PLAIN = 64
TAKES_SMS = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
OF_A_SERVICE = {
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.UAN,
    PhoneNumberType.VOICEMAIL,
}


# What people put between digits.
SIGNS = re.compile(r"[\s.()\-/\u2010-\u2015]")
PLAIN = re.compile(r"(0|\+33|0033)([1-9][0-9]{2})[0-9]{6}")


def _patterns(*kinds: str) -> re.Pattern[str]:
    """What phonenumbers holds for a French number of one of these kinds, without its first 0."""
    french = phonenumbers.PhoneMetadata.metadata_for_region("FR")
    described = [desc for kind in kinds if (desc := getattr(french, kind)) and desc.national_number_pattern]
    return re.compile("|".join(f"(?:{desc.national_number_pattern})" for desc in described) or r"(?!)")


FRENCH_MOBILE, FRENCH_FIXED = _patterns("mobile"), _patterns("fixed_line")
# Kinds that are asked for before those two, so that a number of both is one of these.
FRENCH_OTHERS = _patterns(
    *("premium_rate", "toll_free", "shared_cost", "voip", "personal_number", "pager", "uan", "voicemail")
)


class BadAddress(Exception):
    """An address nobody can be reached at; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in E.164; ``takes_sms`` is False for a fixed line."""

    e164: str
    takes_sms: bool

    def __reduce__(self) -> tuple[type["Phone"], tuple[str, bool]]:
        """A third of the usual form's time: a large log sends a million of them from one process to another."""
        return Phone, (self.e164, self.takes_sms)


def normalise_phone(raw: str, country: str = "FR") -> Phone | None:
    """The number ``raw`` stands for, or None where the log says that there is none.

    National numbers are read as of ``country`` (two letters). Raises BadAddress with
    ``phone-unreadable``, ``phone-invalid`` (no such number) or ``phone-of-service``
    (premium rate, toll free: never a customer's).
    """
    written = raw.strip()
    if written[:4].lower() == "tel:":
        written = written[4:]
    if not written or written.lower() in HIDDEN:
        return None
    compact = _compact(written)
    if "63998" in compact and FICTION.fullmatch(compact):
        return Phone("+33" + compact[-9:], takes_sms=True)
    return _plain_french(compact, country) or _thorough(compact, country)


def _plain_french(compact: str, country: str) -> Phone | None:
    """A French mobile or fixed number written in a usual way, told by the library's own patterns; None: look closer.

    Raises BadAddress ``phone-invalid``.

    Nine of ten numbers of a French log are such, and taking them apart in full costs thirty times as much. That both
    ways say the same is tested.
    """
    shape = PLAIN.fullmatch(compact)
    if shape is None or "0" + shape[2] in OVERSEAS or (shape[1] != "+33" and country != "FR"):
        return None
    national = compact[-9:]
    if FRENCH_OTHERS.fullmatch(national):
        return None
    takes_sms = bool(FRENCH_MOBILE.fullmatch(national))
    if takes_sms or FRENCH_FIXED.fullmatch(national):
        return Phone("+33" + national, takes_sms)
    raise BadAddress("phone-invalid")


def _thorough(compact: str, country: str) -> Phone:
    number = _parsed(compact, country)
    if not phonenumbers.is_valid_number(number):
        raise BadAddress("phone-invalid")
    kind = phonenumbers.number_type(number)
    if kind in OF_A_SERVICE:
        raise BadAddress("phone-of-service")
    return Phone(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), kind in TAKES_SMS)


def service_number(raw: str, country: str = "FR") -> str:
    """A number that is one, a service's too, in E.164. Raises BadAddress as ``normalise_phone`` does."""
    number = _parsed(_compact(re.sub(r"^tel:", "", raw.strip(), flags=re.IGNORECASE)), country)
    if not phonenumbers.is_valid_number(number):
        raise BadAddress("phone-invalid")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _compact(written: str) -> str:
    """``written`` without the spaces, dots and brackets people put between digits."""
    return written if written.isalnum() else SIGNS.sub("", written)


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
    written = raw.strip()
    if written[:7].lower() == "mailto:":
        written = written[7:]
    if not written or written.lower() in HIDDEN:
        return None
    if (plain := PLAIN_EMAIL.fullmatch(written)) and len(written) <= LONGEST_PLAIN and _is_domain(plain[2]):
        return written.lower()
    return _valid_email(written)


# A log names the domains of a few providers again and again; what comes before the @ is looked at by PLAIN_EMAIL.
@lru_cache(maxsize=4096)
def _is_domain(domain: str) -> bool:
    try:
        return _valid_email(f"a@{domain}") == f"a@{domain.lower()}"
    except BadAddress:
        return False


def _valid_email(written: str) -> str:
    try:
        return validate_email(written, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise BadAddress("email-invalid") from None
