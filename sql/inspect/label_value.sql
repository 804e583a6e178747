-- One row is one value of a label column of the month's usage files, as the file has it, and its rows. kind: association, offer (the offer's
-- type, where that is blank its id, as usage_classified takes it), service or segment. Values are folded later: this grouping can spill to disk, so
-- that a column with ids instead of labels stays within the memory limit.
CREATE OR REPLACE TEMP TABLE label_value AS
WITH usage AS (
    SELECT association_type, CASE WHEN blank(folded(offer_type)) THEN offer_id ELSE offer_type END AS offer, service_level_2, customer_segment
    FROM usage_raw
)
SELECT
    CASE
        WHEN grouping(association_type) = 0 THEN 'association'
        WHEN grouping(offer) = 0 THEN 'offer'
        WHEN grouping(service_level_2) = 0 THEN 'service'
        ELSE 'segment'
    END AS kind,
    coalesce(association_type, offer, service_level_2, customer_segment) AS value,
    count(*) AS rows
FROM usage
GROUP BY GROUPING SETS ((association_type), (offer), (service_level_2), (customer_segment));
