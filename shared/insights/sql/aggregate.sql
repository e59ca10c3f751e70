-- Recompute @moments, hours or days, of the table that keeps their metrics: every KPI that they can be combined of, and those that
-- count people, for the whole (label '') and under each label. Run again, it changes nothing. `part` is that of a percentile, whose
-- rows are counted by buckets.
MERGE ${table} AS stored
USING (
  WITH ${sources},
  contributions AS (
    ${contributions}
  ),
  chosen AS (
    SELECT
      TIMESTAMP_TRUNC(occurred_at, ${grain}) AS moment,
      * EXCEPT (occurred_at, numerator, denominator),
      CAST(numerator AS FLOAT64) AS numerator,
      CAST(denominator AS FLOAT64) AS denominator
    FROM contributions
    WHERE TIMESTAMP_TRUNC(occurred_at, ${grain}) IN UNNEST(@moments)
  ),
  bucketed AS (
    SELECT
      moment,
      kpi,
      ${labels},
      part,
      IF(part IS NULL, NULL, ${bucket}) AS bucket,
      SUM(numerator) AS numerator,
      SUM(denominator) AS denominator,
      COUNT(*) AS samples
    FROM chosen
    WHERE NOT counts_people
    GROUP BY moment, kpi, ${labels}, part, bucket
  ),
  ranked AS (
    SELECT
      *,
      SUM(samples) OVER (PARTITION BY moment, kpi, ${labels} ORDER BY bucket) AS up_to,
      SUM(samples) OVER (PARTITION BY moment, kpi, ${labels}) AS whole
    FROM bucketed
  ),
  summed AS (
    SELECT
      moment,
      kpi,
      ${labels},
      SUM(numerator) AS numerator,
      SUM(denominator) AS denominator,
      SUM(samples) AS sample_count,
      2 * POW(1.02, MIN(IF(up_to >= part * whole, bucket, NULL))) / 2.02 AS percentile,
      ARRAY_AGG(IF(bucket IS NULL, NULL, STRUCT(bucket, samples)) IGNORE NULLS ORDER BY bucket) AS histogram
    FROM ranked
    GROUP BY moment, kpi, ${labels}
    UNION ALL
    SELECT
      moment,
      kpi,
      ${labels},
      COUNT(DISTINCT IF(numerator > 0, user_id, NULL)) AS numerator,
      COUNT(DISTINCT IF(denominator > 0, user_id, NULL)) AS denominator,
      COUNT(*) AS sample_count,
      NULL AS percentile,
      [] AS histogram
    FROM chosen
    WHERE counts_people
    GROUP BY moment, kpi, ${labels}
  ),
  read AS (
    SELECT TIMESTAMP_TRUNC(occurred_at, ${grain}) AS moment, COUNT(*) AS events_read, MAX(received_at) AS newest_event
    FROM events
    WHERE occurred_at >= @start AND occurred_at < @end
    GROUP BY moment
  )
  SELECT
    summed.* EXCEPT (percentile),
    CASE
      WHEN percentile IS NOT NULL THEN percentile
      WHEN kpi IN UNNEST(@ratios) THEN SAFE_DIVIDE(numerator, denominator)
      ELSE numerator
    END AS value,
    IF(kpi = 'events' AND ${whole}, read.events_read, NULL) AS events_read,
    IF(kpi = 'events' AND ${whole}, read.newest_event, NULL) AS newest_event,
    IF(kpi = 'events' AND ${whole}, @definitions, NULL) AS definitions
  FROM summed
  JOIN read ON read.moment = summed.moment
) AS fresh
ON stored.${moment} IN UNNEST(@moments) AND stored.${moment} = fresh.moment AND stored.kpi = fresh.kpi AND ${same}
WHEN MATCHED THEN
  UPDATE SET
    value = fresh.value,
    numerator = fresh.numerator,
    denominator = fresh.denominator,
    sample_count = fresh.sample_count,
    computed_at = @computed_at,
    histogram = fresh.histogram,
    events_read = fresh.events_read,
    newest_event = fresh.newest_event,
    definitions = fresh.definitions
WHEN NOT MATCHED THEN
  INSERT (
    ${moment}, kpi, ${labels}, value, numerator, denominator, sample_count, computed_at, histogram, events_read, newest_event,
    definitions
  )
  VALUES (
    fresh.moment, fresh.kpi, ${fresh}, fresh.value, fresh.numerator, fresh.denominator, fresh.sample_count, @computed_at,
    fresh.histogram, fresh.events_read, fresh.newest_event, fresh.definitions
  )
WHEN NOT MATCHED BY SOURCE AND stored.${moment} IN UNNEST(@moments) THEN
  DELETE
