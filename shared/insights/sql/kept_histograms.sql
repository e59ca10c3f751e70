-- The same for histograms: how many rows fall into each bucket, as `bucket:samples` joined by blanks.
SELECT kpi, step, label, STRING_AGG(CONCAT(CAST(bucket AS STRING), ':', CAST(samples AS STRING)), ' ') AS buckets
FROM (
  SELECT kpi, ${at} AS step, label, kept.bucket AS bucket, SUM(kept.samples) AS samples
  FROM (SELECT *, hour AS occurred_at FROM metrics_hourly)
  CROSS JOIN UNNEST(histogram) AS kept
  WHERE hour >= @from AND hour < @until AND kpi IN UNNEST(@kpis) ${believed}
    AND IF(@by = '', label IN UNNEST(@labels), STARTS_WITH(label, @by))
  GROUP BY kpi, step, label, bucket
)
GROUP BY kpi, step, label
