-- One row is one person's holding of one certification in one step of a metric that asks for it, and whether it counts on a day:
-- of several rows of a person the one that counts, else the one completed last, then the one that expires last (no expiry is last).
-- $1 DATE: the day, skills_as_of.
CREATE OR REPLACE TEMP TABLE holding AS
WITH judged AS (
    SELECT
        h.partner_id, c.solution_area, c.metric, c.step, p.person_id, c.certification, h.completed, h.expires,
        CASE
            WHEN h.completed IS NULL OR h.completed > CAST($1 AS DATE) THEN 'not_yet'
            WHEN h.expires < CAST($1 AS DATE) THEN 'expired'
            WHEN NOT h.active THEN 'inactive'
            WHEN c.until < CAST($1 AS DATE) THEN 'list_ended'
            ELSE 'counted'
        END AS reason
    FROM holding_row AS h
    JOIN rule_certification AS c ON c.label = h.label
    JOIN person AS p ON p.person_key = h.person_key
    WHERE h.partner_id IS NOT NULL
)
SELECT *, reason = 'counted' AS counted
FROM judged
QUALIFY row_number() OVER (
    PARTITION BY partner_id, solution_area, metric, step, person_id, certification
    ORDER BY
        reason <> 'counted',
        completed DESC NULLS LAST,
        expires DESC NULLS FIRST,
        list_position(['not_yet', 'expired', 'inactive', 'list_ended'], reason)) = 1;
