-- A tenant or subscription id in the form in which two are compared: trimmed, braces stripped, lower-case; blank text becomes ''.
-- The first branch knows an id that has this form already.
CREATE OR REPLACE MACRO guid(id) AS
    CASE WHEN regexp_full_match(id, '[0-9a-z-]+') THEN id
         ELSE lower(trimmed(regexp_replace(trimmed(id), '^\{(.*)\}$', '\1', 's'))) END;
