"""Throttling: no window of any limit ever holds more messages than it may, and nobody waits longer than that needs."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.notifications import ChannelKind, Limit
from shared.notifications.channel import THROTTLES
from shared.notifications.throttling import free_at, with_sent
from tests.shared.notifications.messages import AT

LIMITS = st.lists(st.builds(Limit, most=st.integers(1, 6), seconds=st.integers(1, 600)), min_size=1, max_size=4)
SMS = THROTTLES[ChannelKind.SMS]


def test_sms_are_limited_as_their_readers_can_bear() -> None:
    assert [(limit.most, limit.seconds // 60) for limit in SMS] == [(1, 1), (5, 15), (11, 60), (21, 180)]


@given(LIMITS, st.lists(st.integers(0, 120), max_size=40))
def test_no_window_holds_more_than_its_limit(limits: list[Limit], gaps: list[int]) -> None:
    sent: dict[str, datetime] = {}
    at, all_sent = AT, []
    for number, gap in enumerate(gaps):
        at += timedelta(seconds=gap)
        at = free_at(list(sent.values()), limits, at)
        sent = with_sent(sent, str(number), at, limits, ChannelKind.WEBHOOK)["sent"]
        all_sent.append(at)
    for limit in limits:
        for begin in all_sent:
            assert sum(begin <= moment < begin + timedelta(seconds=limit.seconds) for moment in all_sent) <= limit.most


@given(LIMITS, st.lists(st.integers(0, 600), max_size=20))
def test_a_message_waits_no_longer_than_it_must(limits: list[Limit], ages: list[int]) -> None:
    sent = [AT - timedelta(seconds=age) for age in ages]
    free = free_at(sent, limits, AT)

    def fits(at: object) -> bool:
        return all(
            sum(at - timedelta(seconds=limit.seconds) < moment for moment in sent) < limit.most  # type: ignore[operator]
            for limit in limits
        )

    assert fits(free)
    assert free == AT or not fits(free - timedelta(milliseconds=1))


def test_an_attempt_that_is_repeated_counts_once() -> None:
    limits = [Limit(most=2, seconds=60)]
    sent = with_sent({}, "one", AT, limits, ChannelKind.WEBHOOK)["sent"]
    again = with_sent(sent, "one", AT + timedelta(seconds=1), limits, ChannelKind.WEBHOOK)["sent"]
    assert len(again) == 1


def test_a_channel_of_short_memory_does_not_make_another_forget_what_its_contact_got() -> None:
    sent: dict[str, datetime] = {}
    for number in range(21):
        at = AT + timedelta(minutes=8 * number)
        sent = with_sent(sent, str(number), at, [Limit(most=1, seconds=60)], ChannelKind.SMS)["sent"]
    assert free_at(list(sent.values()), SMS, at + timedelta(minutes=8)) == AT + timedelta(hours=3)
