"""MIME: a delivery as an e-mail, with images inside and files attached. Made again, it is the same mail."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from shared.notifications.delivery import Delivery
from shared.notifications.message import Attachment
from shared.notifications.sending.files import read_files

_POLICY = SMTP.clone(cte_type="7bit")


def mail_of(delivery: Delivery, sender: str) -> EmailMessage:
    """The mail. Its Message-ID is the delivery's, its date that of queueing. Raises NotSent if a file is gone, Unavailable."""
    content = delivery.sent_content
    files = read_files([*content.inline.values(), *content.attachments])
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = f"Kompo <{sender}>"
    mail["To"] = delivery.to
    mail["Subject"] = _plain(content.subject)
    mail["Date"] = format_datetime(delivery.created)
    mail["Message-ID"] = f"<{delivery.id}@{sender.partition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    if content.severity == "critical":
        mail["Importance"] = "high"
    mail.set_content(content.text_with_url)
    if content.html is not None:
        mail.add_alternative(content.html, subtype="html")
        html = mail.get_payload()[-1]  # type: ignore[index]  # An alternative makes it multipart.
        assert isinstance(html, EmailMessage)
        for content_id, image in content.inline.items():
            maintype, subtype = _types(image)
            html.add_related(
                files[image], maintype, subtype, cid=f"<{content_id}>", filename=image.name, disposition="inline"
            )
    for file in content.attachments:
        maintype, subtype = _types(file)
        mail.add_attachment(files[file], maintype=maintype, subtype=subtype, filename=file.name)
    _fix_boundaries(mail, delivery.id)
    return mail


def _plain(text: str) -> str:
    """The text as one line that holds no encoded word (RFC 2047): the package would decode it, line breaks and all."""
    return " ".join(text.split()).replace("=?", "= ?")


def _types(file: Attachment) -> tuple[str, str]:
    maintype, _, subtype = file.content_type.partition("/")
    return maintype, subtype or "octet-stream"


def _fix_boundaries(mail: EmailMessage, delivery_id: str) -> None:
    parts = [part for part in mail.walk() if part.is_multipart()]
    for number, part in enumerate(parts):
        part.set_boundary(f"=={delivery_id}-{number}==")
