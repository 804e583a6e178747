-- The partner id of a row where the settings name the partner, own: that, where a tenant id stands in the place of an id; else the id as it is.
CREATE OR REPLACE MACRO own_partner(id, own) AS
    CASE WHEN regexp_full_match(trimmed(id), '\{?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?') THEN own ELSE id END;
