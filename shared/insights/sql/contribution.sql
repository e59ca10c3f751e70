SELECT '${name}' AS kpi, * FROM (
${rows})
