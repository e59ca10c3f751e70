-- What people did whose plan is known by then, from the last event of the business that was told of them in the year before; the
-- numerator is 1 where it was premium. (Plans that gave way in the moment in which they began are few: to leave them out first tells
-- the planner that there are fewer plans than events.)
SELECT ${row}, premium AS numerator, 1 AS denominator
FROM told
JOIN plans ON subscriber = user_id AND since <= occurred_at AND until > occurred_at
WHERE since < until
