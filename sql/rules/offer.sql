-- One row is one label or offer id of an offer that does not count, folded, and the class of that offer.
CREATE OR REPLACE TABLE rule_offer AS
SELECT folded(label) AS label, min(class) AS class
FROM offer_label
GROUP BY folded(label);
