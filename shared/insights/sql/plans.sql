-- Which plan people are known to be on, and from when until when: from the events of the business in the year before.
SELECT
  user_id AS subscriber,
  business.plan AS known_plan,
  occurred_at AS since,
  LEAD(occurred_at) OVER (PARTITION BY user_id ORDER BY occurred_at, event_id) AS until
FROM events
WHERE occurred_at >= TIMESTAMP_SUB(@from, INTERVAL 365 DAY) AND occurred_at < @until
  AND event_type = 'business' AND business.plan IS NOT NULL AND user_id IS NOT NULL
  AND (@everybody OR user_id IN UNNEST(@users))
