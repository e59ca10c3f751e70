-- Sums of the hours of [@from, @until) that are kept and believed, by step and label: of the whole, or under @labels, or under all
-- labels that begin with @by.
SELECT
  kpi,
  ${at} AS step,
  label,
  SUM(numerator) AS numerator,
  SUM(denominator) AS denominator,
  SUM(sample_count) AS samples
FROM (SELECT *, hour AS occurred_at FROM metrics_hourly)
WHERE hour >= @from AND hour < @until AND kpi IN UNNEST(@kpis) ${believed}
  AND IF(@by = '', label IN UNNEST(@labels), STARTS_WITH(label, @by))
GROUP BY kpi, step, label
