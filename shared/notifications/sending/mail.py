"""E-mail by SMTP, with TLS or STARTTLS."""

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Iterator

from pydantic import ValidationError

from shared.core.settings import settings
from shared.notifications.addresses import Target, resolve
from shared.notifications.channel import Channel, Email, SmtpServer
from shared.notifications.delivery import Delivery
from shared.notifications.errors import NotSent, refused
from shared.notifications.secret_values import secret_value
from shared.notifications.sending.connecting import TIMEOUT, connection, encrypted
from shared.notifications.sending.mime import mail_of

_IN_ALL = 40.0
"""Seconds for a whole conversation."""


class _Conversation(smtplib.SMTP):
    """SMTP over a connection that is there already; we call ourselves `name`."""

    def __init__(self, host: str, name: str, connected: socket.socket) -> None:
        self._connected = connected
        super().__init__(host, local_hostname=name, timeout=TIMEOUT)

    def _get_socket(self, _host: str, _port: int, _timeout: float) -> socket.socket:
        return self._connected


def send(channel: Channel, delivery: Delivery) -> str:
    """Send a delivery; the server's answer. Raises NotSent, Unavailable."""
    assert isinstance(channel.config, Email)
    server = channel.config.server or _deployments_server()
    mail = mail_of(delivery, server.sender).as_bytes()
    try:
        with _conversation(server, trusted=channel.config.server is None) as smtp:
            return _hand_over(smtp, server.sender, delivery.to, mail)
    except smtplib.SMTPAuthenticationError as error:
        raise NotSent(f"The mail server does not take the password: {error.smtp_code}.") from None
    except (smtplib.SMTPConnectError, smtplib.SMTPHeloError) as error:
        # It refuses us, not the mail: as a rule for a while.
        raise NotSent(f"The mail server does not speak with us: {error.smtp_code} {_text(error.smtp_error)}") from None
    except smtplib.SMTPResponseException as error:
        answer = f"{error.smtp_code} {_text(error.smtp_error)}"
        raise (refused(answer) if 500 <= error.smtp_code < 600 else NotSent(answer)) from None
    except smtplib.SMTPNotSupportedError as error:
        raise refused(f"The mail server cannot do this: {error}") from None
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(f"The mail server {server.host} does not answer: {error}.") from error


def _hand_over(smtp: smtplib.SMTP, sender: str, to: str, mail: bytes) -> str:
    """What the server says once it has taken the mail. From then on nothing may fail: the mail would go out again."""
    smtp.ehlo_or_helo_if_needed()
    _accepted(smtp.mail(sender))
    _accepted(smtp.rcpt(to))
    answer = _accepted(smtp.data(mail))
    with contextlib.suppress(smtplib.SMTPException, OSError):
        smtp.quit()
    return answer


def _accepted(reply: tuple[int, bytes]) -> str:
    """What the server says, unless it is a refusal: then it raises SMTPResponseException."""
    code, answer = reply
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, answer)
    return f"{code} {_text(answer)}"


@contextlib.contextmanager
def _conversation(server: SmtpServer, *, trusted: bool) -> Iterator[smtplib.SMTP]:
    """A conversation with the server, encrypted and signed in as it asks for. `trusted`: who deploys has named it."""
    target = Target(server.host, server.port, server.host) if trusted else resolve(server.host, server.port)
    with connection(target, _IN_ALL) as plain:
        plain.settimeout(_IN_ALL)  # A mail with files takes its time.
        connected = encrypted(plain, server.host) if server.security == "tls" else plain
        with contextlib.closing(_Conversation(server.host, server.sender.partition("@")[2], connected)) as smtp:
            if server.security == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            if server.username is not None and server.password is not None:
                smtp.login(server.username, secret_value(server.password))
            yield smtp


def _deployments_server() -> SmtpServer:
    """The mail server of the settings. Raises NotSent if none is set, or what is set makes no sense."""
    chosen = settings()
    if chosen.smtp_host is None or chosen.smtp_sender is None:
        raise refused("This deployment has no mail server: set KOMPO_SMTP_HOST and KOMPO_SMTP_SENDER.")
    try:
        return SmtpServer(
            host=chosen.smtp_host,
            port=chosen.smtp_port,
            security=chosen.smtp_security,
            username=chosen.smtp_username,
            password=chosen.smtp_password_secret,
            sender=chosen.smtp_sender,
        )
    except ValidationError as invalid:
        wrong = "; ".join(f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in invalid.errors())
        raise refused(f"The settings KOMPO_SMTP_… make no sense: {wrong}.") from None


def _text(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
