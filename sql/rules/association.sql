-- One row is one spelling of an association that counts, folded; priority 1 wins a tie between attributions.
CREATE OR REPLACE TABLE rule_association AS
SELECT folded(label) AS label, CAST(min(priority) AS INTEGER) AS priority
FROM association_label
GROUP BY folded(label);
