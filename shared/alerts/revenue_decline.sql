-- What was paid in the last 7 days up to @end, of what was paid in [@start, @end) before them; the samples are payments of before.
SELECT SAFE_DIVIDE(later, NULLIF(GREATEST(earlier, 0), 0)) AS value, samples
FROM (
  SELECT
    SUM(IF(is_later, revenue_usd, 0)) AS later,
    SUM(IF(is_later, 0, revenue_usd)) AS earlier,
    COUNTIF(NOT is_later) AS samples
  FROM (
    SELECT business.revenue_usd AS revenue_usd, occurred_at >= TIMESTAMP_SUB(@end, INTERVAL 7 DAY) AS is_later
    FROM deduplicated_events
    WHERE occurred_at >= @start AND occurred_at < @end AND business.revenue_usd IS NOT NULL
  )
)
