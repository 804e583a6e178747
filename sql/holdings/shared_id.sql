-- One row counts certification ids that several people seem to share: ids with three or more different addresses in one e-mail column. A person
-- who changed name or employer has two. Columns: how many such ids, rows with them, the most addresses of one.
WITH addresses AS (
    SELECT
        count(*) AS rows,
        greatest(
            count(DISTINCT nullif(lower(trimmed(person_corp_email)), '')),
            count(DISTINCT nullif(lower(trimmed(person_email)), ''))) AS addresses
    FROM holding_raw
    WHERE identified(person_mcp_id) <> ''
        AND folded(certification_type) IN (SELECT folded(label) FROM holding_label WHERE kind = 'type')
    GROUP BY lower(identified(person_mcp_id))
)
SELECT count(*) AS ids, CAST(coalesce(sum(rows), 0) AS BIGINT) AS rows, coalesce(max(addresses), 0) AS addresses
FROM addresses
WHERE addresses > 2;
