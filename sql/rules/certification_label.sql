-- One row is one text that names a certification in one step of one metric of one area; filled from the rulebook.
-- until DATE: the last day on which the list contains it, NULL: no end.
CREATE OR REPLACE TABLE certification_label (
    solution_area VARCHAR NOT NULL, metric VARCHAR NOT NULL, step INTEGER NOT NULL,
    certification VARCHAR NOT NULL, label VARCHAR NOT NULL, until DATE);
