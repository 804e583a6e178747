-- DECIMAL(18,6) of a number written with an exponent. The point is moved in the text first: the engine's own cast rounds the mantissa
-- before it moves the point (5.96e-08 became 0.000001). An exponent of more than three digits can only mean zero or far too much.
-- digits: the mantissa without sign and point; place: where the point stands behind it, counted from its left.
CREATE OR REPLACE MACRO amount_of_exponent(number) AS
    CASE
        WHEN NOT regexp_matches(number, '^[^eE]*[1-9]') THEN CAST(0 AS DECIMAL(18, 6))
        WHEN regexp_matches(number, '[eE]-0*[1-9][0-9]{3,}$') THEN CAST(0 AS DECIMAL(18, 6))
        WHEN NOT regexp_matches(number, '[eE]\+?0*[1-9][0-9]{3,}$')
            THEN TRY_CAST(regexp_extract(number, '^[+-]?') || moved_point(
                regexp_replace(regexp_extract(number, '^[+-]?([0-9.]+)', 1), '\.', ''),
                length(regexp_extract(number, '^[+-]?([0-9]*)', 1)) + CAST(regexp_extract(number, '[eE]\+?(-?[0-9]+)$', 1) AS INTEGER)
            ) AS DECIMAL(18, 6))
    END;
