-- Recompute @hours of metrics_hourly: every KPI that hours can be combined of, and those that count people, for the whole (label '')
-- and under each label. Run again, it changes nothing. `part` is that of a percentile, whose rows are counted by buckets.
MERGE metrics_hourly AS stored
USING (
  WITH ${sources},
  contributions AS (
    ${contributions}
  ),
  chosen AS (
    SELECT
      TIMESTAMP_TRUNC(occurred_at, HOUR) AS hour,
      * EXCEPT (occurred_at, numerator, denominator),
      CAST(numerator AS FLOAT64) AS numerator,
      CAST(denominator AS FLOAT64) AS denominator
    FROM contributions
    WHERE TIMESTAMP_TRUNC(occurred_at, HOUR) IN UNNEST(@hours)
  ),
  bucketed AS (
    SELECT
      hour,
      kpi,
      label,
      part,
      IF(part IS NULL, NULL, ${bucket}) AS bucket,
      SUM(numerator) AS numerator,
      SUM(denominator) AS denominator,
      COUNT(*) AS samples
    FROM chosen
    WHERE NOT counts_people
    GROUP BY hour, kpi, label, part, bucket
  ),
  ranked AS (
    SELECT
      *,
      SUM(samples) OVER (PARTITION BY hour, kpi, label ORDER BY bucket) AS up_to,
      SUM(samples) OVER (PARTITION BY hour, kpi, label) AS whole
    FROM bucketed
  ),
  summed AS (
    SELECT
      hour,
      kpi,
      label,
      SUM(numerator) AS numerator,
      SUM(denominator) AS denominator,
      SUM(samples) AS sample_count,
      2 * POW(1.02, MIN(IF(up_to >= part * whole, bucket, NULL))) / 2.02 AS percentile,
      ARRAY_AGG(IF(bucket IS NULL, NULL, STRUCT(bucket, samples)) IGNORE NULLS ORDER BY bucket) AS histogram
    FROM ranked
    GROUP BY hour, kpi, label
    UNION ALL
    SELECT
      hour,
      kpi,
      label,
      COUNT(DISTINCT IF(numerator > 0, user_id, NULL)) AS numerator,
      COUNT(DISTINCT IF(denominator > 0, user_id, NULL)) AS denominator,
      COUNT(*) AS sample_count,
      NULL AS percentile,
      [] AS histogram
    FROM chosen
    WHERE counts_people
    GROUP BY hour, kpi, label
  ),
  read AS (
    SELECT TIMESTAMP_TRUNC(occurred_at, HOUR) AS hour, COUNT(*) AS events_read, MAX(received_at) AS newest_event
    FROM events
    WHERE occurred_at >= @start AND occurred_at < @end
    GROUP BY hour
  )
  SELECT
    summed.* EXCEPT (percentile),
    CASE
      WHEN percentile IS NOT NULL THEN percentile
      WHEN kpi IN UNNEST(@ratios) THEN SAFE_DIVIDE(numerator, denominator)
      ELSE numerator
    END AS value,
    IF(kpi = 'events' AND label = '', read.events_read, NULL) AS events_read,
    IF(kpi = 'events' AND label = '', read.newest_event, NULL) AS newest_event
  FROM summed
  JOIN read ON read.hour = summed.hour
) AS fresh
ON stored.hour IN UNNEST(@hours) AND stored.hour = fresh.hour AND stored.kpi = fresh.kpi AND stored.label = fresh.label
WHEN MATCHED THEN
  UPDATE SET
    value = fresh.value,
    numerator = fresh.numerator,
    denominator = fresh.denominator,
    sample_count = fresh.sample_count,
    computed_at = @computed_at,
    histogram = fresh.histogram,
    events_read = fresh.events_read,
    newest_event = fresh.newest_event
WHEN NOT MATCHED THEN
  INSERT (
    hour, kpi, label, value, numerator, denominator, sample_count, computed_at, histogram, events_read, newest_event
  )
  VALUES (
    fresh.hour, fresh.kpi, fresh.label, fresh.value, fresh.numerator, fresh.denominator, fresh.sample_count, @computed_at,
    fresh.histogram, fresh.events_read, fresh.newest_event
  )
WHEN NOT MATCHED BY SOURCE AND stored.hour IN UNNEST(@hours) THEN
  DELETE
