-- What tools write into a column of ids where there is no value (pandas, Excel, databases), as a pattern for lower-case text.
CREATE OR REPLACE MACRO no_value() AS
    '(?:nan|none|null|n/?a|#n/?a|<na>|\\n|\(null\)|-+)';
