"""A first proposal of a mapping, from the names of the columns and a few rows."""

from collections.abc import Sequence

from contacts.agents import COLUMN_NAMES
from contacts.column_names import plain_name
from contacts.importing import as_row
from contacts.mapping import Mapping, Source
from contacts.moments import SHORT_DATE, has_offset
from contacts.vocabulary import known_value

# Names without accents, spaces or case, as switchboards and their users write them.
NAMES = {
    "external_id": "externalid callid id contactid conversationid interactionid ticketid uniqueid linkedid historyid"
    " reference ref identifiant idappel idcontact numeroappel nappel ncontact casenumber",
    "started_at": "startedat start startdate starttime datetime dateheure datetimestart timestart timestamp horodatage"
    " calldate debut dateappel createdat initiationtimestamp",
    "site": "site centre center location plateau sitekey",
    "channel": "channel canal media mediatype",
    "direction": "direction sens",
    "outcome": "outcome issue answered repondu decroche status statut disposition resultat",
    "reason": "reason topic motif sujet subject queue wrapup objet categorie",
    "agent": COLUMN_NAMES,
    "language": "language langue lang",
    "phone": "phone telephone tel mobile ani caller numero numeroappelant phonenumber msisdn",
    "email": "email mail courriel adressemail emailaddress",
    "name": "name nom client customer customername nomclient",
}
DATE_NAMES = {"date", "jour", "day", "callday"}
TIME_NAMES = {"time", "heure", "hour", "calltime"}
ANSWERED = {"y": "answered", "yes": "answered", "o": "answered", "oui": "answered", "1": "answered", "true": "answered"}
UNANSWERED = dict.fromkeys(("n", "no", "non", "0", "false"), "unanswered")


def guess(
    columns: Sequence[str], sampled: Sequence[Sequence[str]], source: str, zone: str, sites: list[str]
) -> Mapping:
    """A mapping that a person looks over: fields by column names, one site if there is only one.

    ``sampled`` are the cells of some rows, ``zone`` is proposed where the times have no offset.
    """
    rows = [as_row(list(columns), list(cells)) for cells in sampled]
    fields = {name: Source((column,)) for name, column in _by_name(columns).items()}
    if "started_at" not in fields:
        fields.update(_date_and_time(columns))
    fields.setdefault("direction", Source(constant="in"))
    fields.setdefault("channel", Source(constant="phone"))
    if "site" not in fields and len(sites) == 1:
        fields["site"] = Source(constant=sites[0])
    if "outcome" in fields:
        fields["outcome"] = Source(fields["outcome"].columns, values=_yes_and_no(fields["outcome"], rows))
    moments = [fields["started_at"].text(row) for row in rows] if "started_at" in fields else []
    carried = bool(moments) and all(has_offset(text) for text in moments)
    return Mapping(source, fields, zone="" if carried else zone, dates=_date_order(moments))


def _by_name(columns: Sequence[str]) -> dict[str, str]:
    """For each field the first column that is called so; a column serves one field."""
    plain = {plain_name(column): column for column in reversed(columns)}
    return {
        field: plain[known[0]]
        for field, names in NAMES.items()
        if (known := [name for name in names.split() if name in plain])
    }


def _date_and_time(columns: Sequence[str]) -> dict[str, Source]:
    day = next((column for column in columns if plain_name(column) in DATE_NAMES), None)
    time = next((column for column in columns if plain_name(column) in TIME_NAMES), None)
    found = tuple(column for column in (day, time) if column)
    return {"started_at": Source(found)} if found else {}


def _yes_and_no(outcome: Source, rows: list[dict[str, str]]) -> dict[str, str]:
    words = {outcome.text(row).lower() for row in rows}
    both = {**ANSWERED, **UNANSWERED}
    strange = {word for word in words if word and known_value("outcome", word) is None}
    if not strange or not strange <= set(both):
        return {}
    # Both words of the pair, because the sample may show only one of them.
    pairs = (("y", "n"), ("yes", "no"), ("o", "n"), ("oui", "non"), ("1", "0"), ("true", "false"))
    return {word: both[word] for pair in pairs if strange & set(pair) for word in pair}


def _date_order(moments: list[str]) -> str:
    """Month first only if some date shows it: France writes the day first."""
    parts = [(int(found["first"]), int(found["second"])) for text in moments if (found := SHORT_DATE.match(text))]
    return "month-first" if any(second > 12 >= first for first, second in parts) else "day-first"
