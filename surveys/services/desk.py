"""What an interview says by SMS: to each message that comes in one at most, and none while one waits to go out."""

from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from contacts.queries import agent_first_name
from foundation.database import db
from notifications.models import OutboxMessage
from notifications.queries.texts import in_force
from notifications.services import enqueue
from notifications.texts import Template
from surveys import sms_texts, tokens, wishes
from surveys.engine import Ask, Done, LeftToPerson, Outcome, SendLink
from surveys.interview_events import Event, State, state_of
from surveys.queries.interviews import Interview
from surveys.services.recording import asks_of

#: In these states our message has not reached anyone.
NOT_OUT = ("queued", "suppressed", "expired", "rejected")
_STATES = select(OutboxMessage.business_key, OutboxMessage.state).where(
    OutboxMessage.business_key.in_(bindparam("keys", expanding=True))
)
THANKS = {"complaint": "thanks_complaint", "callback": "thanks_callback"}


@dataclass(frozen=True)
class Desk:
    """Where one message to one interview is answered. ``message_id`` is the provider's."""

    interview: Interview
    number: str
    message_id: str
    now: datetime
    secret: str
    public_url: str

    def answer(self, outcome: Outcome, for_person: str = "") -> None:
        """Say what comes next: a question, the link, thanks, or that a person reads the message."""
        events = [*self.interview.events, *outcome.events]
        state = state_of(events)
        match outcome.step:
            case SendLink():
                self._send(f"link:{self.message_id}", self._said("link", state, self._link()))
            case LeftToPerson() if not self.interview.state.with_person:
                name = "distress" if for_person == "distress" else "person"
                self._send(f"{name}:{len(events)}", self._said(name, state))
            case Ask() if any(event.kind == "asked" for event in outcome.events):
                self._ask(outcome.step, outcome.events, state)
            case Done("completed") if outcome.events:
                wished = wishes.wishes(self.interview.version, events)
                name = next((THANKS[wish] for wish in ("complaint", "callback") if wish in wished), "thanks")
                self._send("thanks", self._said(name, state))

    def say_once(self, name: str) -> None:
        """Say ``name`` if this interview has not said it yet."""
        said = self._said(name, self.interview.state, f"{self.public_url}/complain")
        self._send(name, said, is_late=True)

    def unsent(self) -> int:
        """How many of our last questions have not gone out; the first one is in the invitation."""
        keys = asks_of(self.interview.invitation.id, len(self.interview.state.asked))
        states = dict(db.session.execute(_STATES, {"keys": keys}).tuples().all()) if keys else {}
        return sum(1 for _ in takewhile(lambda key: states.get(key) in NOT_OUT, reversed(keys)))

    def _ask(self, step: Ask, events: tuple[Event, ...], state: State) -> None:
        interview, asked = self.interview, step.asked[0]
        is_again = any(event.kind == "unread" and event.question_id == asked.question.id for event in events)
        language = _spoken(interview, state)
        said = sms_texts.question(
            interview.version,
            asked.question,
            interview.principal.brand,
            language,
            is_again,
            in_force(),
            asked.order,
            state.answers,
            facts_of(interview, language),
        )
        self._send(f"ask:{len(state.asked)}", said, language=language)

    def _said(self, name: str, state: State, link: str = "") -> Template:
        interview = self.interview
        language = _spoken(interview, state)
        return sms_texts.other(interview.version, name, interview.principal.brand, language, link, in_force())

    def _link(self) -> str:
        invitation = self.interview.invitation
        return f"{self.public_url}/s/{tokens.derive(self.secret, invitation.id, invitation.token_issue)}"

    def _send(self, name: str, said: Template, language: str = "", is_late: bool = False) -> None:
        interview = self.interview
        invitation, principal = interview.invitation, interview.principal
        enqueue(
            channel="sms",
            recipient=self.number,
            body=said.body,
            brand=principal.brand,
            text_id=said.version_id,
            purpose="interview",
            business_key=f"interview:{invitation.id}:{name}",
            now=self.now,
            principal_id=invitation.principal_id,
            site_id=invitation.site_id,
            sender=principal.sms_sender,
            subject_key=f"interview:{invitation.id}",
            language=language or interview.language,
            zone=principal.zone,
            expires_at=None if is_late else invitation.expires_at,
            priority=0,
        )


def facts_of(interview: Interview, language: str) -> dict[str, str]:
    """What a text by SMS may say of the contact; the agent's first name where the programme allows it."""
    contact = interview.contact
    day = contact.started_at.astimezone(ZoneInfo(interview.zone)).date()
    agent = agent_first_name(interview.invitation.principal_id, contact.agent) if interview.terms.names_agent else ""
    return sms_texts.facts(interview.site, contact.channel, contact.direction, day, contact.reason, agent, language)


def _spoken(interview: Interview, state: State) -> str:
    """The language spoken from here on, which the message itself may have chosen."""
    return interview.version.speaks(state.language) if state.language else interview.language
