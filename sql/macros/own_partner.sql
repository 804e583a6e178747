-- The partner id of a row when the settings name the partner (own): own when the file has a tenant id instead of a partner id, else the id.
CREATE OR REPLACE MACRO own_partner(id, own) AS
    CASE WHEN regexp_full_match(trimmed(id), '\{?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?') THEN own ELSE id END;
