-- What is kept of these hours and days, under these labels.
SELECT 'hour' AS grain, kpi, label, '' AS second, hour AS occurred_at, value, numerator, denominator, sample_count, histogram
FROM metrics_hourly
WHERE (${hours}) ${believed} AND kpi IN UNNEST(@kpis) AND ${hour_labels}
UNION ALL
SELECT 'day' AS grain, kpi, label, second, day AS occurred_at, value, numerator, denominator, sample_count, histogram
FROM metrics_daily
WHERE (${days}) AND kpi IN UNNEST(@kpis) AND ${day_labels}
