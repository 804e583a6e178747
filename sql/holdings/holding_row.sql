-- One row is one row of the certifications snapshot that is of type certification: who (NULL: nothing given), for which
-- partner (NULL: an unknown location, or an e-mail address where an id is meant), and the holding. A blank location
-- falls back on the global account.
-- $1 BOOLEAN: a partners file is given.
CREATE OR REPLACE TEMP TABLE holding_row AS
WITH certification AS (
    SELECT
        file_row,
        identified(partner_location_id) AS location_id,
        identified(partner_global_id) AS global_id,
        person_key,
        titled(certification_title) AS label,
        squeezed(certification_title) AS title,
        completed,
        expires,
        nullif(trimmed(completed_text), '') AS completed_text,
        nullif(trimmed(expires_text), '') AS expires_text,
        coalesce(folded(activation_status), '') AS activation_status
    FROM holding_keyed
    WHERE folded(certification_type) IN (SELECT folded(label) FROM holding_label WHERE kind = 'type')
),
located AS (
    SELECT *, CASE WHEN blank(location_id) THEN nullif(global_id, '') ELSE location_id END AS known_by FROM certification
)
SELECT
    c.file_row,
    CASE
        WHEN contains(c.location_id, '@') OR contains(c.global_id, '@') THEN NULL
        WHEN CAST($1 AS BOOLEAN) THEN p.partner_id
        WHEN blank(c.global_id) THEN c.known_by
        ELSE c.global_id
    END AS partner_id,
    c.known_by,
    c.person_key,
    c.label,
    c.title,
    c.completed,
    c.expires,
    c.completed_text,
    c.expires_text,
    c.activation_status = '' OR c.activation_status IN (SELECT folded(label) FROM holding_label WHERE kind = 'active') AS active
FROM located AS c
LEFT JOIN partner_location AS p ON p.location_id = c.known_by;
