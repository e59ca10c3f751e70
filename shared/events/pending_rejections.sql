-- The rejections received since @since, for @reason (null: for any but @never), that no replay has settled: the next @size
-- after the id @after. A message that came again may have left a row twice.
SELECT rejection_id, payload
FROM events_rejected
WHERE received_at >= @since
  AND reason_code <> @never
  AND (@reason IS NULL OR reason_code = @reason)
  AND rejection_id > @after
  AND rejection_id NOT IN (SELECT rejection_id FROM events_replayed WHERE replayed_at >= @since)
QUALIFY ROW_NUMBER() OVER (PARTITION BY rejection_id ORDER BY received_at) = 1
ORDER BY rejection_id
LIMIT @size
