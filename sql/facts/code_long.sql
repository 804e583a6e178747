-- The number that stands for a text in a month in which two texts share the short one: half of its MD5, which costs three times as much as all else.
CREATE OR REPLACE TEMP MACRO coded(label) AS
    coalesce(md5_number_lower(label), 0);
