-- What people did whose plan is known by then, from the last event of the business that was told of them in the year before; the
-- numerator is 1 where it was premium.
SELECT ${row}, IF(known_plan = 'premium', 1, 0) AS numerator, 1 AS denominator
FROM (SELECT * FROM told WHERE occurred_at >= @from AND user_id IS NOT NULL)
JOIN (
  SELECT
    user_id AS owner,
    plan AS known_plan,
    occurred_at AS since,
    LEAD(occurred_at) OVER (PARTITION BY user_id ORDER BY occurred_at, event_id) AS until
  FROM told
  WHERE event_type = 'business' AND plan IS NOT NULL AND user_id IS NOT NULL
) ON owner = user_id AND since <= occurred_at AND (until IS NULL OR until > occurred_at)
