SELECT
  '${name}' AS kpi,
  ${part} AS part,
  ${counts_people} AS counts_people,
  slice.*,
  occurred_at,
  user_id,
  numerator,
  denominator
FROM (
${rows})
CROSS JOIN UNNEST([${slices}]) AS slice
WHERE ${told}
