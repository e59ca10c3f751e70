-- The labels that fewer than K people are in, and the rows under them.
WITH ${sources},
contributions AS (
  ${contributions}
)
SELECT COUNT(*) AS labels, IFNULL(SUM(events), 0) AS events
FROM (
  SELECT ${labels}COUNT(*) AS events, ${k_anonymous} AS enough
  FROM contributions
  WHERE ${chosen}
  ${grouped}
)
WHERE NOT enough
