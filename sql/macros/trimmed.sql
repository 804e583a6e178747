-- Text without Unicode white space at its ends (ids keep case and leading zeros); blank text becomes ''.
-- Like squeezed and folded a plain function of its column: the engine then works once per distinct value of a dictionary.
CREATE OR REPLACE MACRO trimmed(label) AS
    regexp_replace(label, '^[\t-\r \x{85}\p{Z}]+|[\t-\r \x{85}\p{Z}]+$', '', 'g');
