-- True where a trimmed or folded text says nothing.
CREATE OR REPLACE MACRO blank(label) AS
    label IS NULL OR label = '';
