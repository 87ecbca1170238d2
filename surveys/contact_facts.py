"""What the texts of a questionnaire may name of the contact it is about, in the language that is spoken."""

from datetime import date

from notifications.texts import fill
from surveys.sms_texts import CONTACTS, MONTHS

DAY = {"en": "{day} {month}"}  # in every language so far


def contact_facts(
    brand: str, site: str, channel: str, direction: str, day: date, reason: str, agent: str, language: str
) -> dict[str, str]:
    """The facts that ``piping.piped`` takes; give "" for what is unknown or may not be said.

    ``channel`` is said as in a message ("votre appel"), ``day`` is that of the site's zone ("17 nov."). Of ``agent``
    only the first name is taken.
    """
    kind = "phone_out" if (channel, direction) == ("phone", "out") else channel
    contact = CONTACTS.get(kind, CONTACTS["other"])
    months = MONTHS.get(language, MONTHS["en"])
    return {
        "brand": brand,
        "site": site,
        "channel": contact.get(language, contact["en"]),
        "date": fill(DAY.get(language, DAY["en"]), day=str(day.day), month=months[day.month - 1]),
        "reason": reason[:1].lower() + reason[1:] if reason[1:2].islower() else reason,
        "agent": agent.split()[0] if agent.split() else "",
    }
