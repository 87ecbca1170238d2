"""News from this package, sent inside the transaction of the answer it comes from.

Each is sent with two keywords: ``at`` (aware, UTC) and ``payload``, a plain dict that fits a job row, with the keys
principal_id, site_id, customer_id, contact_id, invitation (its public id), programme_key, programme (its name),
promise, score (the satisfaction, or None), words (all that the customer wrote so far), answers (question id to value),
language, wants ("complaint", "callback" or "none") and answered_at (ISO 8601).

Each of the first two is sent once for an interview and each value of ``wants``; whoever acts on them is idempotent
by ``invitation`` and ``wants``. Of an anonymous programme only the last is sent, without any answer.
"""

from blinker import Namespace

_signals = Namespace()

#: "Yes, treat this as a complaint". Sender: the programme's key.
complaint_requested = _signals.signal("complaint-requested")
#: A low score with words (wants: none), or "call me back" after a low score (wants: callback).
dissatisfaction_expressed = _signals.signal("dissatisfaction-expressed")
#: The last question was answered or passed over.
interview_completed = _signals.signal("interview-completed")
#: "Call me", said on a page of its own after an anonymous survey: no score, no answers. Sender: the programme's key.
call_requested = _signals.signal("call-requested")
#: Anonymous answers are let go, or taken back to go once more under another name; in the transaction of that, which is
#: never a customer's. Sender: the id of the draw; ``stratum`` (None: several together), ``said``: the answers of each,
#: and ``sign``: 1 or -1.
answers_let_go = _signals.signal("answers-let-go")
