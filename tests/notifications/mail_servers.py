"""Mail servers that nobody here wrote: aiosmtpd takes mail, pymap keeps mailboxes; and certificates for TLS."""

import datetime as dt
import socket
import ssl
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from imapclient import IMAPClient

USER, PASSWORD = "centre", "p@ss word"


def certificate(folder: Path) -> Path:
    """Write a key and a certificate for 127.0.0.1 and localhost into one file; return it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number())
    made = made.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=2))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    signed = made.sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "server.pem"
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


class Counter:
    """The person at the counter: takes what comes, unless the plan says otherwise, and remembers it."""

    def __init__(self):
        self.mails, self.envelopes, self.plan = [], [], []

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if self.plan and self.plan[0].startswith("rcpt "):
            return self.plan.pop(0).removeprefix("rcpt ")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(self, server, session, envelope, address, mail_options):
        if self.plan and self.plan[0].startswith("mail "):
            return self.plan.pop(0).removeprefix("mail ")
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        step = self.plan.pop(0) if self.plan else "taken"
        if step.startswith("data "):
            return step.removeprefix("data ")
        self.mails.append(envelope.content)
        self.envelopes.append(
            (envelope.mail_from, envelope.rcpt_tos, session.ssl is not None, bool(session.authenticated))
        )
        if step == "cut":
            server.transport.abort()
        return "250 taken"


class MailServer(Controller):
    """aiosmtpd with what a test asks of it."""

    def __init__(self, counter, **facts):
        self.facts = facts
        super().__init__(counter, hostname="127.0.0.1", port=free_port())

    def factory(self):
        return SMTP(self.handler, hostname="mx.example.org", **self._sign())

    def _sign(self):
        facts = {"enable_SMTPUTF8": self.facts.get("utf8", True)}
        facts |= {"tls_context": self.facts["tls"], "require_starttls": True} if "tls" in self.facts else {}
        if "password" in self.facts:
            facts |= {"authenticator": self._check, "auth_required": True, "auth_require_tls": "tls" in self.facts}
        return facts

    def _check(self, server, session, envelope, mechanism, data):
        assert isinstance(data, LoginPassword)
        return AuthResult(success=data.password.decode() == self.facts["password"], handled=False)


@contextmanager
def smtp_server(**facts):
    counter = Counter()
    server = MailServer(counter, **facts)
    server.start()
    counter.port = server.port
    try:
        yield counter
    finally:
        server.stop()


def server_context(path: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@contextmanager
def imap_server(*options: str):
    """pymap with one empty INBOX; yields its port."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("pymap")), "--host", "127.0.0.1", "--port", str(port), *options]
    command += ["dict", "--demo-data", "--demo-user", USER, "--demo-password", PASSWORD]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, server)
        with mailbox(port) as inbox:
            inbox.delete_messages(inbox.search())
            inbox.expunge()
        yield port
    finally:
        server.terminate()
        server.wait(10)


@contextmanager
def mailbox(port: int, folder: str = "INBOX"):
    """The mailbox as another program sees it: to put mail in and to look at its marks."""
    with IMAPClient("127.0.0.1", port, ssl=False) as server:
        server.login(USER, PASSWORD)
        server.select_folder(folder)
        yield server


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _wait_for(port: int, server: subprocess.Popen) -> None:
    for _ in range(200):
        assert server.poll() is None, "the IMAP server did not start"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the IMAP server does not answer")
