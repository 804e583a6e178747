-- True when a trimmed or folded text is NULL or empty.
CREATE OR REPLACE MACRO blank(label) AS
    label IS NULL OR label = '';
