-- The figures of whole hours of [@start, @end) that were computed since @since.
SELECT hour, kpi, value, sample_count, computed_at
FROM metrics_hourly
WHERE label = '' AND hour >= @start AND hour < @end AND computed_at >= @since
ORDER BY hour, kpi
