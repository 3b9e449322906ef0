-- All cases whose subject has the words, by the index. MATERIALIZED keeps the limit out of the planner's sight; OFFSET 0 puts
-- the words off until the rows are in order, so that only what is shown is looked at closely.
WITH hit AS MATERIALIZED (
    SELECT id, opened_at, subject FROM cases_case
    WHERE search @> %(cases)s::varchar[] AND procedure = ANY(%(procedures)s) AND NOT is_rehearsal
    AND (%(state)s = '' OR state = %(state)s) AND (%(owner)s = 0 OR owner_id = %(owner)s)
    AND (%(node)s = '' OR EXISTS (SELECT FROM cases_task t
                                  WHERE t.case_id = cases_case.id AND t.state = 'open' AND t.node = %(node)s))
)
SELECT 'case', s.id FROM (SELECT * FROM hit ORDER BY opened_at DESC OFFSET 0) s
WHERE ' ' || regexp_replace(translate(lower(s.subject), 'áéíóúüñàèìòùâêîôûäëïöç', 'aeiouunaeiouaeiouaeioc'),
                            '[^a-z0-9]+', ' ', 'g') LIKE ALL(%(words)s)
LIMIT %(limit)s
