-- Percentiles as they are kept, by label: of each step `start:value:samples`, joined by blanks. The start is in microseconds.
SELECT
  kpi,
  label,
  second,
  STRING_AGG(
    CONCAT(
      CAST(UNIX_MICROS(${at}) AS STRING), ':', CAST(value AS STRING), ':', CAST(sample_count AS STRING)
    ),
    ' '
  ) AS steps
FROM (
${kept})
GROUP BY kpi, label, second
