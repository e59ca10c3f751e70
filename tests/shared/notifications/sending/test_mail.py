"""E-mail: encrypted, signed in, with its images inside and its files attached; sent twice, it is the same mail."""

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from shared.core.clients import storage_client
from shared.core.ids import new_id
from shared.core.settings import settings
from shared.notifications import Attachment, Channel, DeliveryState, Email, SmtpServer, deliver_due, queue
from shared.notifications.sending.mime import mail_of
from tests.shared.notifications.conftest import MakeChannel
from tests.shared.notifications.mailbox import HOST, Mailbox, mail_server
from tests.shared.notifications.messages import AT, delivery_of, message
from tests.shared.notifications.secret_store import keep_secret

PNG = b"\x89PNG not really, but bytes \x00\xff"
PDF = b"%PDF-1.7\r\n.\r\n" + bytes(range(256))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of localhost, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address(HOST))])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    key_text = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(key_text + made.public_bytes(encoding))
    return path


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What a mail server encrypts with, by a certificate that this process trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return server_context(certificate)


def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def sign_in(_server: object, _session: object, _envelope: object, _mechanism: str, data: LoginPassword) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"kompo", b"pass word"), handled=False)


def channel_to(make_channel: MakeChannel, mailbox: Mailbox, **server: object) -> Channel:
    given = {"host": "localhost", "port": mailbox.port, "sender": "kompo@example.com", **server}
    return make_channel(Email(recipients=(f"{new_id()}@example.com",), server=SmtpServer.model_validate(given)))


def stored(content: bytes, name: str, content_type: str) -> Attachment:
    path = f"notifications/{new_id()}/{name}"
    storage_client().bucket(settings().bucket("exports")).blob(path).upload_from_string(content, content_type)
    return Attachment(name=name, content_type=content_type, bucket=settings().bucket("exports"), path=path)


@pytest.fixture
def with_login(trusted: ssl.SSLContext) -> Iterator[Mailbox]:
    """A mail server that takes mail over STARTTLS from who signs in."""
    options = {"tls_context": trusted, "require_starttls": True, "authenticator": sign_in, "auth_required": True}
    with mail_server(**options) as mailbox:
        yield mailbox


def test_mail_goes_over_starttls_signed_in(make_channel: MakeChannel, with_login: Mailbox) -> None:
    password = keep_secret("pass word")
    channel = channel_to(make_channel, with_login, security="starttls", username="kompo", password=password)
    queue(message(), [channel.id], at=AT)
    assert deliver_due(AT).delivered == 1
    assert len(with_login.mails) == 1


def test_a_wrong_password_is_tried_again_and_told_nobody(make_channel: MakeChannel, with_login: Mailbox) -> None:
    password = keep_secret("a wrong one")
    channel = channel_to(make_channel, with_login, security="starttls", username="kompo", password=password)
    [queued] = queue(message(), [channel.id], at=AT)
    assert deliver_due(AT).failed == 1
    assert delivery_of(queued.id).attempts[0].answer == "The mail server does not take the password: 535."


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("Slow\r\nBcc: eve@example.com", "Slow Bcc: eve@example.com"),
        ("Slow =?utf-8?q?a=0D=0ABcc:_eve@example.com?=", "Slow = ?utf-8?q?a=0D=0ABcc:_eve@example.com?="),
        ("Slow\x00\x1b[31m\u2028 日本\tZoë" + " x" * 140, "Slow\ufffd\ufffd[31m 日本 Zoë" + " x" * 140),
    ],
    ids=["lines", "encoded word", "controls"],
)
def test_what_somebody_has_named_something_is_in_no_other_header(
    mail: Channel, mailbox: Mailbox, subject: str, shown: str
) -> None:
    queue(message(subject, text=f"{subject}\x07"), [mail.id], at=AT)
    assert deliver_due(AT).delivered == 1
    [received] = mailbox.mails
    assert (received["Subject"], received["Bcc"], received.defects) == (shown, None, [])
    assert set(mailbox.raw[0]) & {*range(9), 11, 12, *range(14, 32)} == set()


def test_mail_goes_over_tls(make_channel: MakeChannel, trusted: ssl.SSLContext) -> None:
    with mail_server(ssl_context=trusted) as mailbox:
        queue(message(), [channel_to(make_channel, mailbox, security="tls").id], at=AT)
        assert deliver_due(AT).delivered == 1
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_nothing_is_sent_to_a_server_that_is_not_who_it_says(
    make_channel: MakeChannel, certificate: Path, security: str
) -> None:
    context = server_context(certificate)  # Which this process has no reason to trust.
    options = {"ssl_context": context} if security == "tls" else {"tls_context": context}
    with mail_server(**options) as mailbox:
        [queued] = queue(message(), [channel_to(make_channel, mailbox, security=security).id], at=AT)
        assert deliver_due(AT).failed == 1
    assert mailbox.mails == []
    assert "CERTIFICATE_VERIFY_FAILED" in delivery_of(queued.id).attempts[0].answer


def test_nothing_is_sent_in_clear_where_starttls_is_asked_for(make_channel: MakeChannel, mailbox: Mailbox) -> None:
    queue(message(), [channel_to(make_channel, mailbox, security="starttls").id], at=AT)
    assert deliver_due(AT).dead == 1
    assert mailbox.mails == []


def test_images_are_inside_and_files_attached(mail: Channel, mailbox: Mailbox) -> None:
    given = message(
        "Weekly report, Käse",
        html='<p>Up.</p><img src="cid:chart">',
        inline={"chart": stored(PNG, "chart.png", "image/png")},
        attachments=(stored(PDF, "report.pdf", "application/pdf"),),
        url="https://kompo.example/reports/1",
    )
    queue(given, [mail.id], at=AT)
    assert deliver_due(AT).delivered == 1
    [received] = mailbox.mails
    assert received["Subject"] == "Weekly report, Käse"
    plain, html = received.get_body(("plain",)), received.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "https://kompo.example/reports/1" in plain.get_content()
    assert 'src="cid:chart"' in html.get_content()
    parts = {part.get_filename(): part for part in received.walk() if part.get_filename()}
    image, report = parts["chart.png"], parts["report.pdf"]
    assert isinstance(image, EmailMessage)
    assert isinstance(report, EmailMessage)
    assert (image["Content-ID"], image.get_content_disposition(), image.get_content()) == ("<chart>", "inline", PNG)
    assert (report.get_content_disposition(), report.get_content()) == ("attachment", PDF)


def test_a_repeated_send_is_the_same_mail(mail: Channel, mailbox: Mailbox) -> None:
    image = stored(PNG, "chart.png", "image/png")
    [queued] = queue(message(html="<img src='cid:c'>", inline={"c": image}), [mail.id], at=AT)
    deliver_due(AT)
    again = mail_of(delivery_of(queued.id), "kompo@example.com").as_bytes()
    assert again.rstrip() == mailbox.raw[0].rstrip()


def test_a_subject_cannot_hold_another_header(mail: Channel, mailbox: Mailbox) -> None:
    queue(message("Slow\r\nBcc: eve@example.com"), [mail.id], at=AT)
    deliver_due(AT)
    assert mailbox.mails[0]["Subject"] == "Slow Bcc: eve@example.com"
    assert mailbox.mails[0]["Bcc"] is None


def test_a_mail_whose_file_is_gone_is_a_dead_letter(mail: Channel, mailbox: Mailbox) -> None:
    gone = Attachment("report.pdf", "application/pdf", settings().bucket("exports"), "never/was.pdf")
    [queued] = queue(message(attachments=(gone,)), [mail.id], at=AT)
    assert deliver_due(AT).dead == 1
    assert delivery_of(queued.id).attempts[0].answer == "The file report.pdf is gone from Cloud Storage."


def test_an_address_that_is_refused_for_good_is_a_dead_letter(mail: Channel, mailbox: Mailbox) -> None:
    mailbox.answers = ["550 5.1.1 no such user"]
    [queued] = queue(message(), [mail.id], at=AT)
    assert deliver_due(AT).dead == 1
    assert delivery_of(queued.id).attempts[0].answer == "550 5.1.1 no such user"


def test_a_server_that_takes_no_connections_for_a_while_is_tried_again(make_channel: MakeChannel) -> None:
    with socket.create_server((HOST, 0)) as listening:

        def refuse() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(b"554 5.7.1 blocked\r\n")
                connection.recv(1024)

        thread = threading.Thread(target=refuse, daemon=True)
        thread.start()
        server = SmtpServer(host=HOST, port=listening.getsockname()[1], security="none", sender="kompo@example.com")
        [queued] = queue(message(), [make_channel(Email(recipients=("a@example.com",), server=server)).id], at=AT)
        assert deliver_due(AT).failed == 1
        thread.join()
    assert delivery_of(queued.id).attempts[0].answer == "The mail server does not speak with us: 554 5.7.1 blocked"


def test_a_server_that_is_not_there_is_tried_again(make_channel: MakeChannel) -> None:
    with mail_server() as mailbox:
        channel = channel_to(make_channel, mailbox, security="none")
    [queued] = queue(message(), [channel.id], at=AT)
    assert deliver_due(AT).failed == 1
    assert delivery_of(queued.id).state is DeliveryState.QUEUED


def test_the_deployments_server_sends_where_a_channel_has_none(
    make_channel: MakeChannel, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"HOST": HOST, "PORT": str(mailbox.port), "SECURITY": "none", "SENDER": "k@example.org"}.items():
        monkeypatch.setenv(f"KOMPO_SMTP_{name}", value)
    settings.cache_clear()
    channel = make_channel(Email())
    to = f"{new_id()}@example.com"
    queue(message(), [channel.id], at=AT, recipients={channel.id: [to, to]})
    assert deliver_due(AT).delivered == 1
    assert (mailbox.mails[0]["From"], mailbox.mails[0]["To"]) == ("Kompo <k@example.org>", to)
