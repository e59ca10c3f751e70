"""Query Explain: the indexes that a query used and what they cost."""

import time

from .executor import Statistics
from .messages import ExplainMetrics, ExplainOptions


class Explanation:
    """Collects what a request with `explain_options` wants to know. Starts its clock when made."""

    def __init__(self, options: ExplainOptions | None) -> None:
        self.wanted = options is not None
        self.plan_only = options is not None and not options.analyze
        self.statistics = Statistics()
        self._started = time.perf_counter()

    def metrics(self, results: int, *, aggregated: bool = False) -> ExplainMetrics:
        """The metrics after a query that returned so many results; without execution statistics if only planned.

        A query is billed by the documents that it reads, aggregations by the thousand index entries."""
        metrics = ExplainMetrics()
        metrics.plan_summary.SetInParent()
        for plan in self.statistics.plans:
            metrics.plan_summary.indexes_used.add().update(plan.describe())
        if self.plan_only:
            return metrics
        statistics, stats = self.statistics, metrics.execution_stats
        stats.results_returned = results
        stats.execution_duration.FromNanoseconds(int((time.perf_counter() - self._started) * 1e9))
        stats.read_operations = max(1, -(-statistics.index_entries // 1000) if aggregated else statistics.documents)
        stats.debug_stats.update(
            {
                "documents_scanned": str(statistics.documents),
                "index_entries_scanned": str(statistics.index_entries),
                "billing_details": {"documents_billable": str(statistics.documents), "min_query_cost": "0"},
            }
        )
        return metrics
