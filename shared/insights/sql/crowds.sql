-- The labels under which at least K people did something, in one row if there are no labels.
WITH ${sources},
contributions AS (
  ${contributions}
)
SELECT ${labels}COUNT(DISTINCT user_id) AS people
FROM contributions
WHERE ${chosen}
${grouped}
HAVING ${k_anonymous}
