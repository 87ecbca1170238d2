"""Mail at rest: the folder that stands for a mail server, the mailbox that is read, and the raw mails that are kept."""

from notifications.mailbox.folder import MailFolder, read_letter

__all__ = ["MailFolder", "read_letter"]
