-- A resource id in the form in which two are compared: trimmed, lower-case; blank text becomes ''. The first branch knows by its ends that
-- there is nothing to trim: these ids are long and nearly all different, so this is per row (an index is cheaper than right(), which counts).
CREATE OR REPLACE MACRO resource(id) AS
    CASE WHEN ascii(id) BETWEEN 33 AND 126 AND id[-1] BETWEEN '!' AND '~' THEN lower(id) ELSE lower(trimmed(id)) END;
