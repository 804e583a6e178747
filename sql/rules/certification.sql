-- One row is one certification that a step of a metric asks for, under one of the folded texts that name it.
CREATE OR REPLACE TABLE rule_certification AS
SELECT DISTINCT solution_area, metric, step, certification, folded(label) AS label, until
FROM certification_label;
