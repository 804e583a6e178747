-- The Microsoft certification id of a person, lower-case; NULL where there is none: blank, a text that stands for no value, or all zeros.
CREATE OR REPLACE MACRO person_of_id(id) AS
    CASE WHEN NOT regexp_full_match(identified(id), '[0-]*') THEN lower(identified(id)) END;
