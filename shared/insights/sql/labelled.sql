SELECT
  '${name}' AS kpi,
  ${part} AS part,
  ${counts_people} AS counts_people,
  label,
  occurred_at,
  user_id,
  numerator,
  denominator
FROM (
${rows})
CROSS JOIN UNNEST([${labels}]) AS label
WHERE label IS NOT NULL
