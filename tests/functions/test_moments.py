"""Times in requests have a zone and are near enough to now to count from: all others are refused, not stumbled over."""

import pytest
from pydantic import TypeAdapter, ValidationError

from functions.http.moments import Moment
from functions.resources.insights.queries import FiguresQuery, PeriodQuery
from functions.resources.insights.trends import TrendsQuery
from functions.resources.reports import Run
from shared.core.kept_answers import Key

MOMENT = TypeAdapter(Moment)


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59.9999Z",
        "1969-12-31T23:59:59Z",
        "2200-01-01T00:00:01Z",
        "2026-11-26T12:00:00",
        "1700000000",
        "2026-02-30T00:00:00Z",
    ],
)
def test_a_time_that_nothing_can_be_counted_from_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        MOMENT.validate_python(text)
    with pytest.raises(ValidationError):
        Run.model_validate({"until": text})


@pytest.mark.parametrize(
    ("text", "hint"),
    [("2026-11-26", "such as 2026-11-26T00:00:00Z"), ("2026-11-26T12:00:00 02:00", "as %2B")],
)
def test_of_what_is_easily_written_wrong_it_is_said_how_to_write_it(text: str, hint: str) -> None:
    with pytest.raises(ValidationError, match=hint):
        MOMENT.validate_python(text)


@pytest.mark.parametrize("edge", ["1970-01-01T00:00:00Z", "2200-01-01T00:00:00Z", "2199-12-31T12:00:00-12:00"])
def test_from_every_other_a_period_its_steps_and_the_one_before_can_be_counted(edge: str) -> None:
    for asked in ({"end": edge}, {"end": edge, "last": "52w", "every": "month"}):
        view = FiguresQuery.model_validate(asked).asked().view(None)
        assert view.before is not None
        assert view.before.end == view.period.start
        assert view.every is not None
        assert list(view.period.steps(view.every))


def test_one_question_that_can_be_put_in_several_ways_is_one() -> None:
    def key(model: type[PeriodQuery], **asked: object) -> Key:
        return model.model_validate(asked).asked().key("", "page")

    assert len({key(FiguresQuery, last=way) for way in ("1w", "7d", "168h")}) == 1
    assert key(FiguresQuery) == key(FiguresQuery, last="24h") == key(FiguresQuery, last="1d")
    assert key(FiguresQuery, end="2026-01-02T00:00:00Z") == key(FiguresQuery, end="2026-01-02T02:00:00+02:00")
    assert key(TrendsQuery) != key(TrendsQuery, last="24h")
    assert key(FiguresQuery, last="7d") != key(FiguresQuery, last="7d", platform=["mcp"])
