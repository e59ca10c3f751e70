-- Workflows that ended and say which they were; the numerator is 1 where it was a template: then the workflow is named by it, and
-- not by the run, which is the session.
SELECT ${row}, IF(context.workflow_id <> context.session_id, 1, 0) AS numerator, 1 AS denominator
FROM told
WHERE event_type = 'workflow' AND context.workflow_id IS NOT NULL AND context.session_id IS NOT NULL
