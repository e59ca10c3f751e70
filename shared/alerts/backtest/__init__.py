"""Backtest: what a rule would have said, had it been there: the same evaluation as live, over history."""

from shared.alerts.backtest.backtesting import MOST_DAYS, backtest
from shared.alerts.backtest.result import Backtest, BacktestEpisode, LabelTotals

__all__ = ["MOST_DAYS", "Backtest", "BacktestEpisode", "LabelTotals", "backtest"]
