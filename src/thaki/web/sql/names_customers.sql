-- All customers whose name has the words, the newest first, by the index (see names_cases.sql).
WITH hit AS MATERIALIZED (
    SELECT id, surnames, given_names, business_name FROM customers_customer WHERE trigrams @> %(names)s::text[]
)
SELECT 'customer', s.id FROM (SELECT * FROM hit ORDER BY id DESC OFFSET 0) s
WHERE ' ' || regexp_replace(translate(lower(concat_ws(' ', s.surnames, s.given_names, s.business_name)),
                                      'áéíóúüñàèìòùâêîôûäëïöç', 'aeiouunaeiouaeiouaeioc'),
                            '[^a-z0-9]+', ' ', 'g') LIKE ALL(%(words)s)
LIMIT %(limit)s
