-- Sums of what is kept and believed, by label: of each step `start:numerator:denominator:samples`, joined by blanks. The start is
-- in microseconds, or none. Of the KPIs @as_kept the numerator is their value.
SELECT
  kpi,
  label,
  second,
  STRING_AGG(
    CONCAT(
      IFNULL(CAST(UNIX_MICROS(step) AS STRING), ''), ':',
      CAST(numerator AS STRING), ':', CAST(denominator AS STRING), ':', CAST(samples AS STRING)
    ),
    ' '
  ) AS steps
FROM (
  SELECT
    kpi,
    ${at} AS step,
    label,
    second,
    IF(kpi IN UNNEST(@as_kept), MAX(value), SUM(numerator)) AS numerator,
    SUM(denominator) AS denominator,
    SUM(sample_count) AS samples
  FROM (
${kept})
  GROUP BY kpi, step, label, second
)
GROUP BY kpi, label, second
