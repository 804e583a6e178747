-- One row is one row of the certifications files with the key of the person: MCPID, else corporate e-mail, else e-mail; NULL: none given.
-- Published ids are made of this key, so whoever asks who stands behind one makes it here, too.
CREATE OR REPLACE TEMP VIEW holding_keyed AS
SELECT
    *,
    coalesce(
        nullif(lower(identified(person_mcp_id)), ''), nullif(lower(trimmed(person_corp_email)), ''),
        nullif(lower(trimmed(person_email)), '')) AS person_key
FROM holding_raw;
