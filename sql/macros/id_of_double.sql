-- The text of an id from a column of floating-point numbers: the digits of a whole number from 0 to below bound, up to which the type
-- holds every whole number ('9007199254740992' for DOUBLE, '16777216' for FLOAT). Anything else is not an id: NULL.
CREATE OR REPLACE MACRO id_of_double(id, bound) AS
    CASE WHEN id >= 0 AND id < CAST(bound AS DOUBLE) AND id = floor(id) THEN CAST(CAST(id AS BIGINT) AS VARCHAR) END;
