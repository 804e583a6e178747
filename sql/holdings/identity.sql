-- One row is one person of the certifications files: the key, and how the rows write the certification id, the e-mail address and the name. Of
-- several spellings the one on most rows is taken, of equally many the smallest in byte order; a corporate address goes before another one.
-- other_names, other_emails: how many further names and addresses the rows have, whatever the case.
WITH spelling AS (
    SELECT person_key, 'mcp_id' AS kind, 0 AS preference, identified(person_mcp_id) AS text FROM holding_keyed
    UNION ALL
    SELECT person_key, 'email', 0, trimmed(person_corp_email) FROM holding_keyed
    UNION ALL
    SELECT person_key, 'email', 1, trimmed(person_email) FROM holding_keyed
    UNION ALL
    SELECT person_key, 'name', 0, coalesce(nullif(squeezed(person_name), ''), squeezed(concat_ws(' ', person_first_name, person_last_name))) FROM holding_keyed
),
counted AS (
    SELECT person_key, kind, preference, text, count(*) AS rows
    FROM spelling
    WHERE person_key IS NOT NULL AND text <> ''
    GROUP BY person_key, kind, preference, text
),
chosen AS (
    SELECT
        person_key, kind,
        first(text ORDER BY preference, rows DESC, text) AS text,
        count(DISTINCT lower(text)) - 1 AS others
    FROM counted
    GROUP BY person_key, kind
)
SELECT
    person_key,
    coalesce(max(text) FILTER (kind = 'name'), '') AS name,
    coalesce(max(text) FILTER (kind = 'email'), '') AS email,
    coalesce(max(text) FILTER (kind = 'mcp_id'), '') AS mcp_id,
    CAST(coalesce(max(others) FILTER (kind = 'name'), 0) AS BIGINT) AS other_names,
    CAST(coalesce(max(others) FILTER (kind = 'email'), 0) AS BIGINT) AS other_emails
FROM chosen
GROUP BY person_key
ORDER BY person_key;
