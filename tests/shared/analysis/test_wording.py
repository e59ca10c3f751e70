import pytest

from shared.analysis.wording import bare, stem


@pytest.mark.parametrize(
    "forms",
    [
        ("invest", "invests", "invested", "investing", "investment", "investments"),
        ("stop", "stops", "stopped", "stopping"),
        ("story", "stories"),
        ("love", "loved", "loving", "loves"),
        ("funny", "funniest"),
    ],
)
def test_forms_of_a_word_have_one_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


def test_other_words_keep_theirs() -> None:
    assert len({stem(word) for word in ("king", "kin", "business", "bus", "string", "stress")}) == 6


def test_bare_words_have_no_case_and_no_marks() -> None:
    assert [bare(word) for word in ("“Don’t", "stop!”", "—", "U.S.", "Ähm,")] == ["don't", "stop", "", "u.s", "ähm"]
