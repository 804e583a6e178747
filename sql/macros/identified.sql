-- An id as it is published: trimmed, and without the .0 after digits that tools write when they read ids as floats; blank text becomes ''.
-- A plain function of its column, like trimmed.
CREATE OR REPLACE MACRO identified(id) AS
    regexp_replace(trimmed(id), '^([0-9]+)\.0+$', '\1');
