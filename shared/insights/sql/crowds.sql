-- The steps and labels under which at least K people did something.
WITH ${sources},
contributions AS (
  ${contributions}
)
SELECT kpi, ${at} AS step, ${labels}COUNT(DISTINCT user_id) AS people
FROM contributions
WHERE ${chosen}
GROUP BY ${groups}
HAVING ${k_anonymous}
