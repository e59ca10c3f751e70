"""The backlog's promises under any sequence of takes, acknowledgements, failures and expiries."""

import asyncio
from collections.abc import Awaitable, Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.pubsub.backlog import Backlog, Backoff
from infra.local.pubsub.messages import Message
from infra.local.pubsub.ordering import Delivery, State

STEP = st.one_of(
    st.tuples(st.just("publish"), st.sampled_from(["", "a", "b"])),
    st.tuples(st.just("take"), st.integers(1, 4)),
    st.tuples(st.just("ack"), st.integers(0, 10)),
    st.tuples(st.just("fail"), st.integers(0, 10)),
)


class Consumer:
    """Does steps on a backlog and remembers what has been settled for good, by key and in order."""

    def __init__(self) -> None:
        self.backlog = Backlog(Backoff(), ordered=True)
        self.published: dict[str, list[int]] = {}
        self.settled: dict[str, list[int]] = {}
        self.out: list[Delivery] = []
        self.outstanding = 0
        self._last = 0

    def released(self, _size: int) -> None:
        self.outstanding -= 1

    def step(self, name: str, value: object) -> None:
        self.out = [delivery for delivery in self.out if delivery.state is State.LEASED]
        match name, value:
            case "publish", str(key):
                self._last += 1
                self.backlog.add([Message(self._last, 1, 0, key, 10)])
                self.published.setdefault(key, []).append(self._last)
            case "take", int(limit):
                taken = self.backlog.take(limit, 1000, 10, self)
                assert len(taken) <= limit
                self.outstanding += len(taken)
                self.out += taken
            case "ack", int(which) if self.out:
                for done in self.backlog.acknowledge(self.out[which % len(self.out)]):
                    self.settled.setdefault(done.message.key, []).append(done.message.id)
            case "fail", int(which) if self.out:
                self.backlog.fail(self.out[which % len(self.out)])

    def drain(self) -> None:
        """Acknowledge until nothing is left; fails if something got stuck."""
        for _ in range(1000):
            if not self.backlog.pending:
                return
            self.step("take", 100)
            while self.out:
                self.step("ack", 0)
                self.out = [delivery for delivery in self.out if delivery.state is State.LEASED]
        raise AssertionError(f"stuck: {self.backlog.pending}")


@settings(max_examples=200, deadline=None)
@given(st.lists(STEP, max_size=60))
def test_nothing_is_lost_or_settled_twice_and_keys_are_settled_in_order(steps: list[tuple[str, object]]) -> None:
    async def run() -> None:
        consumer = Consumer()
        for name, value in steps:
            consumer.step(name, value)
        consumer.drain()
        for key, ids in consumer.published.items():
            settled = consumer.settled[key]
            assert (settled if key else sorted(settled)) == ids
        assert consumer.outstanding == 0
        assert consumer.backlog.take(1, 1, 1) == []
        assert not consumer.backlog._lines

    asyncio.run(run())


def on_loop(steps: Callable[[], Awaitable[None]]) -> None:
    """Run `steps` on a loop: a backlog keeps time with it."""

    async def run() -> None:
        await steps()

    asyncio.run(run())


def test_a_lease_that_is_extended_lasts_and_one_that_is_not_ends() -> None:
    async def steps() -> None:
        backlog = Backlog(Backoff(), ordered=False)
        backlog.add([Message(1, 1, 0, "", 10), Message(2, 1, 0, "", 10)])
        first, _ = backlog.take(2, 100, 0.1)
        backlog.extend(first, 5)
        await asyncio.sleep(0.3)
        (again,) = backlog.take(2, 100, 5)
        assert (again.message.id, again.attempts) == (2, 1)
        backlog.close()

    on_loop(steps)


def test_a_message_that_has_been_taken_over_is_out_of_sight_until_it_is_given_back() -> None:
    async def steps() -> None:
        backlog = Backlog(Backoff(), ordered=True)
        backlog.on_failure = lambda delivery: delivery.message.id == 1
        backlog.add([Message(number, 1, 0, "k", 10) for number in (1, 2)])
        taken = backlog.take(2, 100, 5)
        backlog.fail(taken[0])
        (second,) = backlog.take(2, 100, 5)
        backlog.requeue(taken[0])
        assert backlog.take(2, 100, 5) == []
        backlog.acknowledge(second)
        assert [delivery.message.id for delivery in backlog.take(2, 100, 5)] == [1]
        backlog.close()

    on_loop(steps)
