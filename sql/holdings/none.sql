-- The certifications snapshot when it may be missing and is: no rows.
CREATE OR REPLACE TEMP TABLE holding_row AS
SELECT
    CAST(NULL AS BIGINT) AS file_row, CAST(NULL AS VARCHAR) AS partner_id, CAST(NULL AS VARCHAR) AS known_by,
    CAST(NULL AS VARCHAR) AS person_key, CAST(NULL AS VARCHAR) AS label, CAST(NULL AS VARCHAR) AS title,
    CAST(NULL AS DATE) AS completed, CAST(NULL AS DATE) AS expires,
    CAST(NULL AS VARCHAR) AS completed_text, CAST(NULL AS VARCHAR) AS expires_text, CAST(NULL AS BOOLEAN) AS active
WHERE false;
