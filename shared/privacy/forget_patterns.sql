-- Delete the nights of mined patterns since @since: events that are gone were counted in them.
DELETE FROM sequence_patterns WHERE generated_at >= @since
