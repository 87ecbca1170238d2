"""What people write to us that belongs to a complaint, or is one: text messages and e-mails."""

from complaints.complaining import speaks_of_complaint
from complaints.inbound.mail import route_mail
from complaints.inbound.sms import route_sms

__all__ = ["route_mail", "route_sms", "speaks_of_complaint"]
