-- The DATE that a text names: 2024-06-01, 20240601, 6/1/2024, each with or without a time of day and a zone, which are cut off: the day is the
-- one written. Anything else is NULL. slashes: 'dmy' where the day stands first in 1/6/2024, else the month does, as Partner Center writes.
CREATE OR REPLACE MACRO day_of_text(day, slashes) AS
    CASE
        WHEN regexp_full_match(trimmed(day), '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([T ][0-9:.]+ ?(Z|UTC|[+-][0-9:]{2,6})?)?', 'i')
            THEN TRY_CAST(regexp_extract(trimmed(day), '^[0-9]+-[0-9]+-[0-9]+') AS DATE)
        WHEN regexp_full_match(trimmed(day), '[0-9]{8}')
            THEN TRY_CAST(trimmed(day)[1:4] || '-' || trimmed(day)[5:6] || '-' || trimmed(day)[7:8] AS DATE)
        WHEN slashes = 'dmy' AND regexp_full_match(trimmed(day), '[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}( [0-9:.]+ ?([AP]M)?)?', 'i')
            THEN CAST(try_strptime(regexp_extract(trimmed(day), '^[0-9]+/[0-9]+/[0-9]+'), '%d/%m/%Y') AS DATE)
        WHEN regexp_full_match(trimmed(day), '[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}( [0-9:.]+ ?([AP]M)?)?', 'i')
            THEN CAST(try_strptime(regexp_extract(trimmed(day), '^[0-9]+/[0-9]+/[0-9]+'), '%m/%d/%Y') AS DATE)
    END;
