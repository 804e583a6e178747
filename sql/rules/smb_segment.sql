-- One row is one customer segment that means small and medium business, folded.
CREATE OR REPLACE TABLE rule_smb_segment AS
SELECT DISTINCT folded(label) AS segment FROM smb_segment_label;
