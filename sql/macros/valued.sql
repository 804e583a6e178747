-- An id or address as trimmed says it, but '' where a tool has written that there is no value, in any case of letters (nan, N/A, NULL, …).
-- A plain function of its column, like trimmed.
CREATE OR REPLACE MACRO valued(id) AS
    regexp_replace(id, '^[\t-\r \x{85}\p{Z}]*' || no_value() || '[\t-\r \x{85}\p{Z}]*$|^[\t-\r \x{85}\p{Z}]+|[\t-\r \x{85}\p{Z}]+$', '', 'gi');
