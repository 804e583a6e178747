-- The number that stands for a text while a month is read: numbers are compared and kept for a fraction of what texts cost. This one costs next to
-- nothing, and texts that differ in two digits can share it: facts/clash tells. NULL has a number, too. Of this connection alone.
CREATE OR REPLACE TEMP MACRO coded(label) AS
    hash(label);
