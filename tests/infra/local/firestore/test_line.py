"""Work in line: done by whoever comes first, in order, in groups, for everybody once."""

import threading

from infra.local.firestore.line import Line, Order


class Ledger:
    """Does works, each a number, by writing them down. While `gate` is closed the first group is under way."""

    def __init__(self, most: int) -> None:
        self.gate = threading.Event()
        self.groups: list[list[int]] = []
        self.threads: list[str] = []
        self.line: Line[int] = Line(self._carry_out, most)
        self._inside = threading.Lock()

    def _carry_out(self, orders: list[Order[int]]) -> None:
        assert self._inside.acquire(blocking=False), "two groups at once"
        self.groups.append([work for order in orders for work in order.works])
        self.threads.append(threading.current_thread().name)
        assert self.gate.wait(10)
        for order in orders:
            order.outcomes = [work * 10 for work in order.works]
        self._inside.release()

    def ask(self, works: list[int], outcomes: dict[str, list[object]]) -> threading.Thread:
        """Have a thread of its own ask for `works`; returns when it stands in line."""

        def wait() -> None:
            outcomes[thread.name] = self.line.wait_for(works)

        waiting, under_way = len(self.line), len(self.groups)
        thread = threading.Thread(target=wait, name=f"asks for {works}")
        thread.start()
        while len(self.line) == waiting and len(self.groups) == under_way:
            thread.join(0.001)
        return thread


def test_whoever_comes_alone_does_it_alone() -> None:
    ledger = Ledger(most=10)
    ledger.gate.set()
    assert ledger.line.wait_for([1, 2]) == [10, 20]
    assert ledger.line.wait_for([3]) == [30]
    assert ledger.groups == [[1, 2], [3]]
    assert set(ledger.threads) == {threading.current_thread().name}


def test_what_comes_meanwhile_is_one_group_which_its_first_does_in_the_order_of_coming() -> None:
    ledger = Ledger(most=10)
    outcomes: dict[str, list[object]] = {}
    threads = [ledger.ask([number], outcomes) for number in range(4)]
    ledger.gate.set()
    for thread in threads:
        thread.join(10)
    assert ledger.groups == [[0], [1, 2, 3]]
    assert ledger.threads == ["asks for [0]", "asks for [1]"]
    assert outcomes == {f"asks for [{number}]": [number * 10] for number in range(4)}


def test_a_group_ends_with_the_order_that_fills_it() -> None:
    ledger = Ledger(most=3)
    outcomes: dict[str, list[object]] = {}
    threads = [ledger.ask(works, outcomes) for works in ([0], [1, 2], [3, 4, 5], [6])]
    ledger.gate.set()
    for thread in threads:
        thread.join(10)
    assert ledger.groups == [[0], [1, 2, 3, 4, 5], [6]]
    assert outcomes["asks for [3, 4, 5]"] == [30, 40, 50]


def test_many_threads_get_their_own_outcomes_and_nothing_is_done_twice() -> None:
    ledger = Ledger(most=5)
    ledger.gate.set()
    wrong: list[int] = []

    def work(thread: int) -> None:
        for number in range(thread * 1000, thread * 1000 + 200):
            if ledger.line.wait_for([number]) != [number * 10]:
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(thread,)) for thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    done = [number for group in ledger.groups for number in group]
    assert not wrong
    assert len(done) == len(set(done)) == 8 * 200
