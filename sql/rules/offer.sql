-- One row is one label or offer id of an offer that does not count, folded.
CREATE OR REPLACE TABLE rule_offer AS
SELECT DISTINCT folded(label) AS label
FROM offer_label;
