-- A tenant or subscription id in the form in which two are compared: trimmed, braces stripped, lower-case; blank text becomes ''.
-- The first branch knows by its ends that there is nothing to trim or to strip, as in resource.
CREATE OR REPLACE MACRO guid(id) AS
    CASE WHEN ascii(id) BETWEEN 33 AND 122 AND id[-1] BETWEEN '!' AND '~' THEN lower(id)
         ELSE lower(trimmed(regexp_replace(trimmed(id), '^\{(.*)\}$', '\1', 's'))) END;
