-- One row is one metric as in the published table, without the month; filled by the program.
CREATE OR REPLACE TEMP TABLE metric_row (
    partner_id VARCHAR, solution_area VARCHAR, metric VARCHAR, applicable BOOLEAN,
    current_value DECIMAL(18, 6), baseline_value DECIMAL(18, 6), measure DECIMAL(18, 6),
    points DECIMAL(6, 2), max_points DECIMAL(6, 2), status VARCHAR, reason VARCHAR);
