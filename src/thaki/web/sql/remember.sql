-- One statement, and its commit waits for no disk: losing what was opened in the last second harms nobody.
WITH hurry AS (SELECT set_config('synchronous_commit', 'off', true)),
old AS (
    DELETE FROM web_recent WHERE id IN (
        SELECT id FROM web_recent WHERE user_id = %(user)s ORDER BY at DESC OFFSET %(kept)s
    )
)
INSERT INTO web_recent (user_id, kind, object_id, at) SELECT %(user)s, %(kind)s, %(object)s, %(at)s FROM hurry
ON CONFLICT (user_id, kind, object_id) DO UPDATE SET at = excluded.at
