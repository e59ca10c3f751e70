-- Percentiles as they are kept, by step and label.
SELECT kpi, ${at} AS step, label, second, value, sample_count AS samples
FROM (
${kept})
