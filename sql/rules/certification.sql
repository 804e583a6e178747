-- One row is one certification that a step of a metric asks for, under one of the texts that name it, in the form in
-- which titles compare.
CREATE OR REPLACE TABLE rule_certification AS
SELECT DISTINCT solution_area, metric, step, certification, titled(label) AS label, until
FROM certification_label;
