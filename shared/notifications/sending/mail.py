"""E-mail by SMTP, with TLS or STARTTLS."""

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Iterator

from shared.core.settings import settings
from shared.notifications.addresses import Target, connect, resolve
from shared.notifications.channel import Channel, Email, SmtpServer
from shared.notifications.delivery import Delivery
from shared.notifications.errors import NotSent, refused
from shared.notifications.secret_values import secret_value
from shared.notifications.sending.mime import mail_of

_TIMEOUT = 10.0
"""Seconds that the server may take for each answer."""


class _Pinned(smtplib.SMTP):
    """A conversation with the address that was looked at; `tls` from its first byte on."""

    def __init__(self, target: Target, *, tls: bool) -> None:
        self._target = target
        self._tls = tls
        super().__init__(target.host, target.port, timeout=_TIMEOUT)

    def _get_socket(self, host: str, _port: int, timeout: float) -> socket.socket:
        plain = connect(self._target, timeout)
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host) if self._tls else plain


def send(channel: Channel, delivery: Delivery) -> str:
    """Send a delivery; the server's answer. Raises NotSent, Unavailable."""
    assert isinstance(channel.config, Email)
    server = channel.config.server or deployments_server()
    mail = mail_of(delivery, server.sender)
    with _conversation(server, trusted=channel.config.server is None) as smtp:
        smtp.ehlo_or_helo_if_needed()
        smtp.mail(server.sender)
        code, answer = smtp.rcpt(delivery.to)
        if code not in (250, 251):
            raise smtplib.SMTPResponseException(code, answer)
        code, answer = smtp.data(mail.as_bytes())
        if code != 250:
            raise smtplib.SMTPResponseException(code, answer)
    return f"{code} {answer.decode(errors='replace')}"


def deployments_server() -> SmtpServer:
    """The mail server of the settings. Raises NotSent if none is set."""
    chosen = settings()
    if chosen.smtp_host is None or chosen.smtp_sender is None:
        raise refused("This deployment has no mail server: set KOMPO_SMTP_HOST and KOMPO_SMTP_SENDER.")
    return SmtpServer(
        host=chosen.smtp_host,
        port=chosen.smtp_port,
        security=chosen.smtp_security,
        username=chosen.smtp_username,
        password=chosen.smtp_password_secret,
        sender=chosen.smtp_sender,
    )


@contextlib.contextmanager
def _conversation(server: SmtpServer, *, trusted: bool) -> Iterator[smtplib.SMTP]:
    """A conversation with the server, encrypted and signed in as it asks for. `trusted`: who deploys has named it."""
    target = Target(server.host, server.port, server.host) if trusted else resolve(server.host, server.port)
    try:
        with _Pinned(target, tls=server.security == "tls") as smtp:
            if server.security == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            if server.username is not None and server.password is not None:
                smtp.login(server.username, secret_value(server.password))
            yield smtp
    except smtplib.SMTPAuthenticationError as error:
        raise NotSent(f"The mail server does not take the password: {error.smtp_code}.") from None
    except smtplib.SMTPResponseException as error:
        answer = f"{error.smtp_code} {_text(error.smtp_error)}"
        raise (refused(answer) if 500 <= error.smtp_code < 600 else NotSent(answer)) from None
    except smtplib.SMTPNotSupportedError as error:
        raise refused(f"The mail server cannot do this: {error}.") from None
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(f"The mail server {server.host} does not answer: {error}.") from error


def _text(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
