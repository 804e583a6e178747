-- The number that stands for a text while a month is read: numbers are compared and kept for a fraction of what texts cost. usage_text says
-- which text a number stands for, and facts/clash that none stands for two. NULL has a number, too.
CREATE OR REPLACE MACRO coded(label) AS
    hash(label);
