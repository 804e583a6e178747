-- An id as it is published: trimmed, and digits followed by .0, as tools write them that think in floats, are the digits; blank text becomes ''.
-- A plain function of its column, like trimmed.
CREATE OR REPLACE MACRO identified(id) AS
    regexp_replace(trimmed(id), '^([0-9]+)\.0+$', '\1');
