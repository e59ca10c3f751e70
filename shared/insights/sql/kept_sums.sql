-- Sums of what is kept and believed, by step and label.
SELECT
  kpi,
  ${at} AS step,
  label,
  second,
  SUM(numerator) AS numerator,
  SUM(denominator) AS denominator,
  SUM(sample_count) AS samples
FROM (
${kept})
GROUP BY kpi, step, label, second
