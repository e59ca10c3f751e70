"""An export is read slice by slice: together the slices are the period, each of whole steps and of no more than fits."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.insights import Period, Step
from shared.insights.dashboard import View
from shared.insights.exporting.figures import _CELLS_AT_A_TIME, _slices

START = datetime(2026, 1, 1, tzinfo=UTC)
views = st.builds(
    lambda begin, minutes, every: View(
        Period(START + timedelta(minutes=begin), START + timedelta(minutes=begin + minutes)), every=every
    ),
    st.integers(0, 50_000),
    st.integers(1, 20_000),
    st.sampled_from(Step),
)


@settings(deadline=None)
@given(views, st.integers(1, 25_000))
def test_slices_are_the_period_cut_where_steps_begin(view: View, width: int) -> None:
    assert view.every is not None
    slices = list(_slices(view, width))
    assert (slices[0].start, slices[-1].end) == (view.period.start, view.period.end)
    assert all(one.end == other.start == view.every.floor(other.start) for one, other in pairwise(slices))
    most = max(1, _CELLS_AT_A_TIME // width)
    assert all(sum(1 for _ in part.steps(view.every)) <= most for part in slices)
