"""Models learn what at least five people have run, and nothing that fewer have."""

from collections import Counter, defaultdict

from hypothesis import example, given, settings
from hypothesis import strategies as st

from shared.patterns.recommending.anonymous import LONGEST, Told, anonymous
from shared.patterns.recommending.session import Session

OPERATIONS = st.lists(st.sampled_from("abc"), min_size=1, max_size=10).map(tuple)
USERS = st.dictionaries(st.sampled_from(["1", "2"]), st.frozensets(st.sampled_from("uvwxyz"), min_size=1), min_size=1)
TOLD = st.lists(st.builds(Told, OPERATIONS, st.integers(1, 3), USERS), max_size=12)


def holds(operations: tuple[str, ...], part: tuple[str, ...]) -> bool:
    return any(operations[start : start + len(part)] == part for start in range(len(operations) - len(part) + 1))


def people(told: list[Told], part: tuple[str, ...]) -> int:
    """How many people have run this, for sure: hashes of one salt."""
    by_salt: dict[str, set[str]] = defaultdict(set)
    for each in told:
        if holds(each.operations, part):
            for salt, users in each.users.items():
                by_salt[salt] |= users
    return max((len(users) for users in by_salt.values()), default=0)


@settings(max_examples=60, deadline=None)
@given(TOLD)
def test_every_part_was_run_by_five_people_as_a_whole(told: list[Told]) -> None:
    for part in anonymous(told):
        assert people(told, part.items) >= 5
        assert len(part.items) <= LONGEST


@settings(max_examples=60, deadline=None)
@example([Told(tuple("abcabc"), 1, {"1": frozenset("uvwxy")})])
@given(TOLD)
def test_each_operation_that_five_people_ran_is_told_of_once(told: list[Told]) -> None:
    expected: Counter[str] = Counter()
    for each in told:
        for operation in each.operations:
            expected[operation] += each.count * (people(told, (operation,)) >= 5)
    learned: Counter[str] = Counter()
    for part in anonymous(told):
        for operation in part.items[part.known :]:
            learned[operation] += part.count
    assert learned == +expected


def test_what_one_person_does_is_cut_out_and_the_rest_stays() -> None:
    five = {"1": frozenset("uvwxy")}
    told = [Told(("trim", "resize"), 5, five), Told(("trim", "secret", "resize"), 2, {"1": frozenset("u")})]
    assert anonymous(told) == [
        Session(("trim", "resize"), 5),
        Session(("trim",), 2),
        Session(("resize",), 2, begins=False),
    ]


def test_a_part_begins_with_what_people_share_of_the_one_before() -> None:
    five = {"1": frozenset("uvwxy")}
    told = [Told(tuple("abc"), 5, five), Told(tuple("bcd"), 5, five), Told(tuple("abcd"), 1, {"1": frozenset("u")})]
    assert anonymous(told)[2:] == [Session(tuple("abc")), Session(tuple("bcd"), known=2, begins=False)]


def test_four_people_under_each_of_two_salts_are_not_eight() -> None:
    assert anonymous([Told(("trim",), 9, {"1": frozenset("uvwx"), "2": frozenset("stuv")})]) == []
