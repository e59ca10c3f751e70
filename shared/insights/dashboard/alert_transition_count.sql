-- How many changes of alerts there are in [@start, @end); with @kpis only of rules that watch these.
SELECT COUNT(DISTINCT transition_id) AS transitions
FROM alert_history
WHERE `at` >= @start AND `at` < @end AND (ARRAY_LENGTH(@kpis) = 0 OR kpi IN UNNEST(@kpis))
