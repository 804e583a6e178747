-- DECIMAL(18,6) of a text amount in US dollars that is written with separators: thousands is between groups of three digits, all of
-- them or none ('': none), point is before the decimals. A separator in another place makes it NULL, like any text that is not an amount.
CREATE OR REPLACE MACRO amount_of_separated(amount, thousands, point) AS
    CASE
        WHEN regexp_full_match(trimmed(amount), '[+-]?([0-9]*|[0-9]{1,3}(' || regexp_escape(thousands) || '[0-9]{3})+)(' || regexp_escape(point)
            || '[0-9]*)?([eE][+-]?[0-9]+)?')
            THEN amount_of_text(replace(replace(trimmed(amount), thousands, ''), point, '.'))
    END;
