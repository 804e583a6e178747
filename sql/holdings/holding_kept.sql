-- One row is one holding that counts, by its key: a copy to compare with a second reading of the same files.
CREATE OR REPLACE TEMP TABLE holding_kept AS
SELECT partner_id, solution_area, metric, step, person_id, certification FROM holding WHERE counted;
