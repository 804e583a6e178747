-- Every key of customers is unique. The tenant is not returned, because the result appears in messages.
SELECT score_month, partner_id, count(*) AS times
FROM staged_customers
GROUP BY score_month, partner_id, customer_tenant_id
HAVING count(*) > 1
LIMIT 3;
