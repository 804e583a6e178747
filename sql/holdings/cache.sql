-- The holdings of a certifications snapshot that any available rulebook could ask for, for questions about other months and other rules: one row
-- a partner × person × certification × dates. A label that no rulebook knows is left out, because it may be anything, even a person's name.
-- $1: the file to write.
COPY (
    SELECT DISTINCT
        CAST(h.partner_id AS VARCHAR) AS partner_id,
        CAST(p.person_id AS VARCHAR) AS person_id,
        CAST(h.label AS VARCHAR) AS label,
        CAST(h.completed AS DATE) AS completed,
        CAST(h.expires AS DATE) AS expires,
        CAST(h.active AS BOOLEAN) AS active
    FROM holding_row AS h
    JOIN person AS p ON p.person_key = h.person_key
    WHERE h.partner_id IS NOT NULL AND h.label IN (SELECT titled(label) FROM known_label)
    ORDER BY partner_id, person_id, label, completed, expires, active
) TO $1 (FORMAT parquet, PARQUET_VERSION v1, COMPRESSION zstd);
