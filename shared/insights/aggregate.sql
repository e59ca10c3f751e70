-- Recompute @hours of metrics_hourly, for the whole (label '') and for each operation and platform. Run again, it changes nothing.
-- A generation is an event of that type or a render; its times are in milliseconds. Rates are 0 to 1.
MERGE metrics_hourly AS stored
USING (
  WITH told AS (
    SELECT
      TIMESTAMP_TRUNC(occurred_at, HOUR) AS hour,
      event_type IN ('operation', 'generation') AS is_attempt,
      metrics.success AS success,
      IF(event_type = 'generation' OR operation_type = 'render', metrics.processing_time, NULL) AS generation_time,
      operation_type,
      platform,
      user_id
    FROM ${deduplicated_events}
    WHERE TIMESTAMP_TRUNC(occurred_at, HOUR) IN UNNEST(@hours)
  ),
  labelled AS (
    SELECT label, told.*
    FROM told
    CROSS JOIN UNNEST(['', CONCAT('operation=', operation_type), CONCAT('platform=', platform)]) AS label
    WHERE label IS NOT NULL
  ),
  sums AS (
    SELECT
      hour,
      label,
      COUNT(*) AS events,
      COUNTIF(is_attempt) AS operations,
      COUNTIF(is_attempt AND success) AS successes,
      COUNTIF(is_attempt AND NOT success) AS failures,
      COUNTIF(is_attempt AND success IS NOT NULL) AS outcomes,
      SUM(generation_time) AS generation_time,
      COUNT(generation_time) AS generations,
      APPROX_QUANTILES(generation_time, 100)[OFFSET(95)] AS generation_time_p95,
      COUNT(DISTINCT user_id) AS users
    FROM labelled
    GROUP BY hour, label
  ),
  kpis AS (
    SELECT hour, label, 'events' AS kpi, events AS numerator, 1 AS denominator, events AS sample_count FROM sums
    UNION ALL
    SELECT hour, label, 'operations', operations, 1, operations FROM sums
    UNION ALL
    SELECT hour, label, 'unique_users', users, 1, events FROM sums
    UNION ALL
    SELECT hour, label, 'success_rate', successes, outcomes, outcomes FROM sums WHERE outcomes > 0
    UNION ALL
    SELECT hour, label, 'error_rate', failures, outcomes, outcomes FROM sums WHERE outcomes > 0
    UNION ALL
    SELECT hour, label, 'generation_time_avg', generation_time, generations, generations FROM sums WHERE generations > 0
    UNION ALL
    SELECT hour, label, 'generation_time_p95', generation_time_p95, 1, generations FROM sums WHERE generations > 0
  )
  SELECT
    hour,
    label,
    kpi,
    numerator / denominator AS value,
    CAST(numerator AS FLOAT64) AS numerator,
    CAST(denominator AS FLOAT64) AS denominator,
    sample_count
  FROM kpis
) AS fresh
ON stored.hour = fresh.hour AND stored.kpi = fresh.kpi AND stored.label = fresh.label
WHEN MATCHED THEN
  UPDATE SET
    value = fresh.value,
    numerator = fresh.numerator,
    denominator = fresh.denominator,
    sample_count = fresh.sample_count,
    computed_at = @computed_at
WHEN NOT MATCHED THEN
  INSERT (hour, kpi, label, value, numerator, denominator, sample_count, computed_at)
  VALUES (fresh.hour, fresh.kpi, fresh.label, fresh.value, fresh.numerator, fresh.denominator, fresh.sample_count, @computed_at)
WHEN NOT MATCHED BY SOURCE AND stored.hour IN UNNEST(@hours) THEN
  DELETE
