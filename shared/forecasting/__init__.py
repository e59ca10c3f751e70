"""Forecasting: what a series will do next, and where it did what was not to be expected.

Pure and light: numpy alone, inside the functions. Series are values at equal steps, None where one is missing. Where nothing
can be said the answer is Unknown, with the reason; nothing raises."""

from shared.forecasting.anomalies import Anomaly, Findings, Watched, examine, examine_all
from shared.forecasting.changes import Change
from shared.forecasting.crossing import Crossing, crossing
from shared.forecasting.forecast import Asked, Forecast, Point, forecast, forecasts
from shared.forecasting.model import Method
from shared.forecasting.sampling import Sampling
from shared.forecasting.series import Unknown
from shared.forecasting.trend import Direction, Kendall, Trend, mann_kendall, theil_sen, trend_of

__all__ = [
    "Anomaly",
    "Asked",
    "Change",
    "Crossing",
    "Direction",
    "Findings",
    "Forecast",
    "Kendall",
    "Method",
    "Point",
    "Sampling",
    "Trend",
    "Unknown",
    "Watched",
    "crossing",
    "examine",
    "examine_all",
    "forecast",
    "forecasts",
    "mann_kendall",
    "theil_sen",
    "trend_of",
]
