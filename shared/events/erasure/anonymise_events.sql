-- Make the rows of a scope nobody's: the user's hash goes, and with it what could tell whose they were: ids, times finer than the
-- hour, exact sizes, parameters, messages. An id becomes another that nobody can compute, the same for the same event, so that a
-- row which is there twice still counts once.
UPDATE events
SET
  user_id = NULL,
  salt_version = NULL,
  event_id = TO_HEX(SHA256(CONCAT(@secret, user_id, event_id))),
  occurred_at = TIMESTAMP_TRUNC(occurred_at, HOUR),
  received_at = TIMESTAMP_TRUNC(received_at, HOUR),
  operation.parameters = NULL,
  operation.file_size = NULL,
  metrics.error_message = NULL,
  context.workflow_id = NULL,
  context.session_id = NULL
WHERE occurred_at >= @start AND occurred_at < @end AND received_at < @received_before
  AND (@everybody OR user_id IN UNNEST(@hashes)) AND user_id IS NOT NULL
