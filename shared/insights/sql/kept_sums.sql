-- Sums of what is kept and believed, by label: of each step `start:numerator:denominator:samples`, joined by blanks. The start is
-- in microseconds, or none.
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
    SUM(numerator) AS numerator,
    SUM(denominator) AS denominator,
    SUM(sample_count) AS samples
  FROM (
${kept})
  GROUP BY kpi, step, label, second
)
GROUP BY kpi, label, second
