-- What people did whose plan is known by then, from the last event of the business that was told of them in the year before; the
-- numerator is 1 where it was premium.
SELECT ${row}, premium AS numerator, 1 AS denominator
FROM told
JOIN plans ON subscriber = user_id AND since <= occurred_at AND until > occurred_at
