"""Templates: tried before they are saved, used for all that is queued from then on, and never in the way of a message."""

import pytest

from shared.core.ids import new_id
from shared.notifications import BadTemplate, Channel, Parts, deliver_due, queue, save_template
from shared.notifications.templating import KINDS, delete_template, get_template, render_parts, sample_of
from shared.notifications.templating.kinds import default_parts
from tests.shared.notifications.mailbox import Mailbox
from tests.shared.notifications.messages import AT, delivery_of, message


@pytest.fixture
def kind() -> str:
    return f"kind-{new_id().lower()}"


def test_messages_read_as_their_template_says(kind: str, mail: Channel, mailbox: Mailbox) -> None:
    parts = Parts(
        subject="[{{ severity }}] {{ subject }}", text="{{ data.who }}: {{ text }}", html="<i>{{ data.who }}</i>"
    )
    save_template(kind, parts, {"who": "Ann"}, "operator", AT)
    queue(message(kind=kind, data={"who": "<Zoë>"}), [mail.id], at=AT)
    deliver_due(AT)
    [received] = mailbox.mails
    plain, html = received.get_body(("plain",)), received.get_body(("html",))
    assert received["Subject"] == "[critical] Slow"
    assert plain is not None
    assert plain.get_content().strip() == "<Zoë>: Slow: 95 s"
    assert html is not None
    assert html.get_content().strip() == "<i>&lt;Zoë&gt;</i>"


def test_what_cannot_be_rendered_is_not_saved(kind: str) -> None:
    with pytest.raises(BadTemplate) as refused:
        save_template(kind, Parts(subject="{{ nobody }}", text="fine", sms="{% for %}"), {}, "operator", AT)
    assert [error.pointer for error in refused.value.errors] == ["/subject", "/sms"]
    assert "'nobody' is undefined" in refused.value.errors[0].detail
    with pytest.raises(Exception, match="Nobody has written a template"):
        get_template(kind)


def test_a_message_that_its_template_does_not_fit_reads_as_it_came(kind: str, mail: Channel, mailbox: Mailbox) -> None:
    save_template(kind, Parts(subject="{{ data.value * 2 }}"), {"value": 1}, "operator", AT)
    queue(message(kind=kind, data={"value": "no number"}), [mail.id], at=AT)
    deliver_due(AT)
    assert mailbox.mails[0]["Subject"] == "Slow"


def test_a_message_that_is_too_large_as_html_goes_out_as_text(mail: Channel, mailbox: Mailbox) -> None:
    queue(message(text="&" * 60_000), [mail.id], at=AT)
    assert deliver_due(AT).delivered == 1
    assert mailbox.mails[0].get_content_type() == "text/plain"
    assert mailbox.mails[0].get_content().count("&") == 60_000


def test_what_is_queued_stays_as_it_is_when_the_template_changes(kind: str, mail: Channel) -> None:
    save_template(kind, Parts(subject="Old"), {}, "operator", AT)
    [queued] = queue(message(kind=kind), [mail.id], at=AT)
    save_template(kind, Parts(subject="New"), {}, "operator", AT)
    assert delivery_of(queued.id).content.subject == "Old"
    delete_template(kind, "operator", AT)
    [later] = queue(message(kind=kind), [mail.id], at=AT)
    assert later.content.subject == "Slow"


@pytest.mark.parametrize("kind", KINDS)
def test_the_default_of_every_kind_fits_its_sample(kind: str) -> None:
    sample = sample_of(kind)
    html = render_parts(default_parts(kind), sample).html
    assert html is not None
    assert sample.subject.replace("'", "&#39;") in html
