-- One row is one row of the month's usage files with the partner it counts for and the first reason why it does not count
-- (the contract's order of tests; NULL: it counts, unless deduplication drops it later). Only exports of cost have rows that are not
-- consumption (not_usage_reason): these are left out by rule before any other test.
CREATE OR REPLACE TEMP VIEW usage_classified AS
SELECT
    u.* REPLACE (
        CASE WHEN blank(u.service_key) THEN u.unknown_service ELSE u.service_level_2 END AS service_level_2,
        CASE WHEN blank(u.service_key) THEN lower(u.unknown_service) ELSE u.service_key END AS service_key,
        CASE WHEN u.customer_name <> '' THEN u.customer_name END AS customer_name,
        CASE WHEN u.customer_segment <> '' THEN u.customer_segment END AS customer_segment),
    CASE WHEN u.partners_given THEN p.partner_id WHEN blank(u.global_id) THEN u.location_id ELSE u.global_id END AS partner_id,
    a.priority,
    CASE
        WHEN u.not_usage_reason IS NOT NULL THEN 'offer_not_eligible'
        WHEN blank(u.customer_tenant_id) OR (u.customer_tenant_id LIKE '0%' AND regexp_full_match(u.customer_tenant_id, '[0-]+')) THEN 'missing_tenant'
        WHEN blank(u.location_id) OR contains(u.location_id, '@') OR contains(u.global_id, '@') THEN 'missing_partner' -- an address is not an id
        WHEN u.partners_given AND p.partner_id IS NULL THEN 'unknown_location'
        WHEN u.offer_required AND blank(u.offer_type) AND blank(u.offer_id) THEN 'missing_offer'
        WHEN blank(u.association) THEN 'missing_association'
        WHEN u.acr_usd IS NULL THEN 'bad_amount'
        WHEN u.usage_day IS NULL THEN 'bad_month'
        WHEN u.usage_day NOT BETWEEN u.path_month AND last_day(u.path_month) THEN 'wrong_month'
        WHEN a.priority IS NULL THEN 'association_not_eligible'
        WHEN o.label IS NOT NULL THEN 'offer_not_eligible'
    END AS reason
FROM usage_row AS u
LEFT JOIN rule_association AS a ON a.label = u.association
LEFT JOIN rule_offer AS o ON o.label = CASE WHEN blank(u.offer_type) THEN u.offer_id ELSE u.offer_type END
LEFT JOIN partner_location AS p ON p.location_id = u.location_id;
