-- The holdings as they are now, kept beside another reading of the same files: one row a holding that counts, by its key.
CREATE OR REPLACE TEMP TABLE holding_kept AS
SELECT partner_id, solution_area, metric, step, person_id, certification FROM holding WHERE counted;
