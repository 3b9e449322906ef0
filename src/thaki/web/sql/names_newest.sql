-- The newest cases of each procedure, and the newest customers, whose names have the words. The text is folded as
-- `records.text.fold` does, so far as SQL can; only rows that have the trigrams are put through it.
(SELECT 'case', w.id, w.opened_at
 FROM unnest(%(procedures)s::varchar[]) code
 CROSS JOIN LATERAL (
     SELECT id, search, subject, is_rehearsal, opened_at, state, owner_id FROM cases_case
     WHERE procedure = code ORDER BY opened_at DESC LIMIT %(window)s
 ) w
 WHERE w.search @> %(cases)s::varchar[] AND NOT w.is_rehearsal
 AND ' ' || regexp_replace(translate(lower(w.subject), 'áéíóúüñàèìòùâêîôûäëïöç', 'aeiouunaeiouaeiouaeioc'),
                           '[^a-z0-9]+', ' ', 'g') LIKE ALL(%(words)s)
 AND (%(state)s = '' OR w.state = %(state)s) AND (%(owner)s = 0 OR w.owner_id = %(owner)s)
 AND (%(node)s = '' OR EXISTS (SELECT FROM cases_task t WHERE t.case_id = w.id AND t.state = 'open' AND t.node = %(node)s))
 ORDER BY w.opened_at DESC LIMIT %(limit)s)
UNION ALL
(SELECT 'customer', w.id, NULL
 FROM (SELECT id, trigrams, surnames, given_names, business_name FROM customers_customer
       ORDER BY id DESC LIMIT %(window)s) w
 WHERE %(registered)s AND w.trigrams @> %(names)s::text[]
 AND ' ' || regexp_replace(translate(lower(concat_ws(' ', w.surnames, w.given_names, w.business_name)),
                                     'áéíóúüñàèìòùâêîôûäëïöç', 'aeiouunaeiouaeiouaeioc'),
                           '[^a-z0-9]+', ' ', 'g') LIKE ALL(%(words)s)
 ORDER BY w.id DESC LIMIT %(limit)s)
