"""The language of templates: it reads what it is given, writes text, and can do nothing else."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from shared.notifications.templating.language import UnfitTemplate, check, fill

GIVEN: dict[str, Any] = {
    "subject": "Slow <b>",
    "text": "a & b",
    "html": Markup("<p>own</p>"),
    "data": {
        "value": 95.46,
        "at": "2026-03-01T12:00:00+00:00",
        "alerts": [{"name": "one", "labels": {"p": "mcp"}}, {"name": "two"}],
        "many": list(range(4000)),
    },
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ subject | upper }}: {{ data.value | round(1) }} s", "SLOW <B>: 95.5 s"),
        ("{% for a in data.alerts %}{{ loop.index }} {{ a.name }}{% if not loop.last %},{% endif %}{% endfor %}", "1 one,2 two"),
        ("{{ data.at | when('Europe/Berlin') }}", "2026-03-01 13:00 CET"),
        ("{{ data.at | when('Asia/Tokyo', '%H:%M') }}", "21:00"),
        ("{{ 'bad' if data.value > 90 else 'good' }} {{ (data.value * 2) | int }}", "bad 190"),
        ("{{ data.nothing }}{{ data.nothing.below }}{% for x in data.nothing %}x{% endfor %}", ""),
        ("{{ data.nothing | default('none') }} {{ data['alerts'][0]['labels']['p'] }}", "none mcp"),
        ("{{ ['a', subject] | join(' + ') }}", "a + Slow <b>"),
    ],
)  # fmt: skip
def test_what_it_can(source: str, expected: str) -> None:
    assert fill(source, GIVEN) == expected


def test_html_escapes_all_but_the_messages_own_html() -> None:
    source = "{{ subject }}|{{ html }}|{{ [text, '<i>'] | join('<br>') }}|{{ data.alerts[0].name | default('<') }}"
    assert fill(source, GIVEN, html=True) == "Slow &lt;b&gt;|<p>own</p>|a &amp; b&lt;br&gt;&lt;i&gt;|one"


@pytest.mark.parametrize(
    "source",
    [
        "{{ data.items() }}", "{{ subject.format(1) }}", "{{ range(10) }}",
        "{{ cycler('a') }}", "{{ self }}", "{% set x = 1 %}", "{% include 'x' %}", "{% import 'os' as os %}",
        "{% macro m() %}{% endmacro %}", "{% extends 'x' %}", "{{ subject ~ subject }}", "{{ 2 ** 9999 }}",
        "{{ subject * 9999 }}", "{{ subject + text }}", "{{ '%99999999d' % 1 }}", "{{ text | replace('a', text) }}",
        "{{ data | map('x') }}", "{{ subject | attr('__class__') }}", "{{ nobody }}", "{{ nobody.x }}",
        "{% for c in text %}{% endfor %}", "{% for a in data.many %}{% for b in data.many %}{% endfor %}{% endfor %}",
        "{{ data.many | join(subject) | join('x') }}", "{{ [data.many | join, data.many | join] | join(data.many | join) }}",
        "{% for x in data.alerts recursive %}{{ loop(x) }}{% endfor %}", "{{ 1 / 0 }}", "{{ data.at | when('Mars') }}",
        "{{ text | when }}", "{% if %}", "{{", "{% endfor %}", "(" * 15000 + "{{" + "(" * 3000 + "}}", "x" * 20_001,
        "{% filter upper %}x{% endfilter %}", "{{ data.value | round(1, method='x') }}", "{{ loop }}",
        "{{ dict(a=1) }}", "{{ {'a': 1} }}", "{{ lipsum() }}", "{% do data.clear() %}", "{{ data.many[::2] }}",
    ],
)  # fmt: skip
def test_what_it_cannot(source: str) -> None:
    began = time.monotonic()
    with pytest.raises(UnfitTemplate):
        fill(source, GIVEN)
    assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    "source",
    [
        "{{ subject.__class__.__mro__ }}",
        "{{ subject.upper }}",
        "{{ data.keys }}",
        "{{ data.alerts.append }}",
        "{{ text.x.y }}",
    ],
)
def test_what_a_value_can_do_is_not_to_be_seen(source: str) -> None:
    assert fill(source, GIVEN) == ""


def test_an_error_names_its_line() -> None:
    with pytest.raises(UnfitTemplate, match="line 3: there is no filter shout"):
        check("a\n\n{{ subject | shout }}")


PIECES = st.sampled_from([
    "{{", "}}", "{%", "%}", "{%-", "{#", "#}", "for", "x", "in", "endfor", "if", "else", "endif", "not", "and", "loop", ".index",
    "data.many", "data.alerts", ".name", "subject", "text", "nobody", "__class__", "self", "[", "]", "(", ")", "'a'", "1", "+",
    "*", "~", "**", "//", "%", "==", "<", ",", ":", "|", "join", "upper", "when", "\\", '"', "set", "macro", "call", "raw",
])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=25).map(" ".join))
def test_whatever_is_written_it_is_filled_or_refused(source: str) -> None:
    try:
        assert isinstance(fill(source, GIVEN), str)
    except UnfitTemplate as unfit:
        assert str(unfit)
