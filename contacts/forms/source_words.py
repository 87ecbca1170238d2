"""Words of the ready-made mappings: their settings, and why a file or a setting was refused."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contacts.sources.settings import Setting
from foundation.web.filters import number

SETTING_NAMES = {
    "source": _l("Name of this source"),
    "site": _l("Site of the contacts"),
    "site.": _l("Sites by word"),
    "site_by": _l("What says the site"),
    "entry_by": _l("What says the entry point"),
    "country": _l("Country of phone numbers written without one"),
    "language": _l("Language of the contacts"),
    "zone": _l("Time zone of the times"),
    "dates": _l("Dates such as 03/04/2026"),
    "filters": _l("Filters of the export"),
    "yes": _l("Word for “yes” in the export"),
    "column.": _l("Names of the columns"),
    "channel.": _l("Channels by word"),
    "direction.": _l("Directions by word"),
    "direction": _l("Direction where the file says none"),
    "extension_digits": _l("Digits of an extension, at most"),
    "columns": _l("Columns in the order of the file"),
    "site_attribute": _l("Attribute that says the site"),
    "reason_attribute": _l("Attribute that says the reason"),
    "reason_field": _l("Field that says the reason"),
    "path.": _l("Paths of the attributes"),
    "agents_named": _l("Agents may be called by their first names"),
}
SETTING_HINTS = {
    "source": _l("Two systems of one kind need two names: their identifiers may be the same."),
    "site": _l("Where words say the site, that of all other words."),
    "site.": _l("One per line, for example “Accueil = lyon”."),
    "language": _l("Two letters; empty: that of the principal."),
    "zone": _l("The zone of the clock that wrote the file, for example Europe/Paris or UTC."),
    "dates": _l("Needed only where no date of the file shows it."),
    "filters": _l("An export with filters is refused, unless they are just these."),
    "yes": _l("Only where the export is not in English."),
    "column.": _l("Only where the export is not in English: “Conversation ID = its name in the file”, one per line."),
    "channel.": _l("One per line, for example “api = web”."),
    "direction.": _l("One per line: the context of the dial plan, or the word of the file, and in, out or internal."),
    "extension_digits": _l("Numbers of up to so many digits are inside the house."),
    "columns": _l("As the administrator chose them, separated by commas: historyid, callid, duration, time-start …"),
    "reason_field": _l("Number of a custom field, or the name of a field."),
    "path.": _l("One per line, for example “reason = conversations.case”."),
}
CHOICES = {
    "queue": _l("the queue"),
    "number": _l("the number or address"),
    "context": _l("the context of the dial plan"),
    "account": _l("the account code"),
    "division": _l("the division"),
    "line": _l("the name of the line"),
    "group": _l("the group"),
    "brand": _l("the brand"),
    "attribute": _l("an attribute of the contact"),
    "site": _l("the path “site”"),
    "day-first": _l("3 April"),
    "month-first": _l("4 March"),
    "yes": _l("yes"),
    "in": _l("incoming"),
    "out": _l("outgoing"),
}
LEFT_OUT = {
    "internal": _l("calls between two extensions"),
    "monitoring": _l("calls listened to by a supervisor"),
    "task": _l("tasks without a customer"),
    "other-events": _l("events that are no contact"),
}


def setting_line(setting: Setting) -> str:
    """One setting on a line of the terminal: its name, whether it is due, its default and its choices."""
    marks = [_("required")] if setting.required else []
    marks += [_("else %(value)s", value=setting.default)] if setting.default else []
    marks += ["|".join(setting.choices)] if setting.choices else []
    name = f"{setting.name}…=" if setting.kind == "pairs" else f"{setting.name}="
    about = f" ({', '.join(marks)})" if marks else ""
    return f"{name}  {SETTING_NAMES[setting.name]}{about}"


def left_out_words(left_out: dict[str, int]) -> str:
    """What of a file is no contact with a customer, and so no row."""
    named = ", ".join(f"{LEFT_OUT[code]} ({number(count)})" for code, count in sorted(left_out.items()))
    return _("Left out, because it is no contact with a customer: %(named)s.", named=named)


def source_refusals(line: int | None, names: tuple[str, ...]) -> dict[str, Any]:
    """Why the file of another system is refused as a whole; ``names`` are the facts of the refusal."""
    first, second = (*names, "", "")[:2]
    listed = ", ".join(names)
    return {
        "partial-export": _l(
            "This export is not complete (found: %(found)s, expected: %(expected)s), so the population would be wrong."
            " Export the whole period and send that file.",
            found=first or "–",
            expected=second or "–",
        ),
        "filtered-export": _l(
            "This export is filtered (%(filters)s), so the population would be wrong. Export without filters, or give"
            " just this text as the setting “filters” if it is what defines the population.",
            filters=first,
        ),
        "no-key": _l("Nothing in this file tells one call from another. Have it logged (%(name)s).", name=first),
        "not-master-csv": _l("This is no Master.csv of Asterisk: it has 16 to 21 columns, this file %(n)s.", n=first),
        "not-queue-log": _l("This is no queue_log of Asterisk: lines of it hold at least five parts."),
        "line-too-long": _l("Line %(line)s is too long for such a log.", line=line),
        "json-broken": _l("This is not the JSON of an export, or it was cut off, at line %(line)s.", line=line),
        "record-too-large": _l("The record that begins on line %(line)s is too large.", line=line),
        "columns-missing": _l("These columns were looked for and not found: %(names)s.", names=listed),
        "headers-missing": _l(
            "These columns were looked for and not found: %(names)s. Export in English, or give the names they have in"
            " the file as the setting “column.”.",
            names=listed,
        ),
        "dates-unclear": _l("No date of this file shows whether the day or the month comes first: set “dates”."),
        "dates-contradict": _l("The dates of this file show another order of day and month than the one set, or both."),
        "no-contacts": _l("This file holds no contact with a customer."),
    }


def setting_problems(name: str) -> dict[str, Any]:
    """Why what a ready-made mapping was told cannot be used."""
    return {
        "ready-unknown": _l("There is no ready-made mapping called “%(name)s”.", name=name),
        "setting-missing": _l("The setting “%(name)s” is missing.", name=name),
        "setting-unknown": _l("There is no setting called “%(name)s” here.", name=name),
        "setting-wrong": _l("The setting “%(name)s” cannot have this value.", name=name),
        "columns-unknown": _l("3CX has no field called “%(name)s”.", name=name),
        "columns-lacking": _l("The columns lack “%(name)s”, without which no call can be read.", name=name),
    }
