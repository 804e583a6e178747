-- Text with every run of Unicode white space (White_Space: tab, no-break space, …) made one blank, none at the ends; blank text becomes ''.
-- Plain functions only: the engine then works once per distinct value of a dictionary-encoded column, not once per row.
CREATE OR REPLACE MACRO squeezed(label) AS
    trim(regexp_replace(label, '[\t-\r \x{85}\p{Z}]+', ' ', 'g'));
