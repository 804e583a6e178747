-- One row is one service level 2 that is not a deployment, folded.
CREATE OR REPLACE TABLE rule_excluded_service AS
SELECT DISTINCT folded(label) AS service_key FROM excluded_service_label;
