-- A case with all that hangs on it: what the case page shows beside the history and the procedure's own record.
-- Given: task (an id, 0 for none) or number (of the case, '' for none), and user (who asks).
-- Of people only the names are read: a whole row would bring the hash of the password along.
SELECT c.*,
    (SELECT to_jsonb(p) FROM (SELECT id, username, first_name, last_name FROM people_user WHERE id = c.owner_id) p) AS owner_row,
    (
        SELECT coalesce(jsonb_agg(to_jsonb(t) || jsonb_build_object(
            'assignee', (SELECT to_jsonb(p) FROM (SELECT id, username, first_name, last_name FROM people_user WHERE id = t.assignee_id) p),
            'closed_by', (SELECT to_jsonb(p) FROM (SELECT id, username, first_name, last_name FROM people_user WHERE id = t.closed_by_id) p)
        ) ORDER BY t.id), '[]')
        FROM cases_task t WHERE t.case_id = c.id AND (t.state = 'open' OR t.id = %(task)s)
    ) AS task_rows,
    (
        SELECT coalesce(jsonb_agg(to_jsonb(l) || jsonb_build_object(
            'document', to_jsonb(d),
            'attached_by', (SELECT to_jsonb(p) FROM (SELECT id, username, first_name, last_name FROM people_user WHERE id = l.attached_by_id) p)
        ) ORDER BY l.id DESC), '[]')
        FROM cases_casedocument l JOIN documents_document d ON d.id = l.document_id WHERE l.case_id = c.id
    ) AS document_rows,
    (
        SELECT coalesce(jsonb_agg(to_jsonb(m) ORDER BY m.id DESC), '[]')
        FROM (
            SELECT id, "to", subject, created_at, sent_at FROM email_channel_outboundmail
            WHERE case_id = c.id ORDER BY created_at DESC LIMIT 4
        ) m
    ) AS mail_rows,
    (
        SELECT coalesce(jsonb_agg(to_jsonb(i) ORDER BY i.id), '[]')
        FROM cases_incident i WHERE i.case_id = c.id AND i.resolved_at IS NULL
    ) AS incident_rows,
    (
        SELECT coalesce(jsonb_agg(to_jsonb(w) || jsonb_build_object(
            'user', (SELECT to_jsonb(p) FROM (SELECT id, username, first_name, last_name FROM people_user WHERE id = w.user_id) p)
        ) ORDER BY w.saved_at), '[]')
        FROM cases_draft w JOIN cases_task t ON t.id = w.task_id
        WHERE t.case_id = c.id AND (t.state = 'open' OR t.id = %(task)s)
    ) AS draft_rows,
    (SELECT count(*) FROM cases_task n WHERE n.assignee_id = %(user)s AND n.state = 'open') AS own_open
FROM cases_case c
WHERE c.id = coalesce(
        (SELECT t.case_id FROM cases_task t WHERE t.id = %(task)s),
        (SELECT n.id FROM cases_case n WHERE n.number = %(number)s)
    )
    AND NOT c.is_rehearsal
