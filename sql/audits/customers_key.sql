-- Every key of customers stands once. Which tenant does not is left out of the answer: it goes into messages.
SELECT score_month, partner_id, count(*) AS times
FROM staged_customers
GROUP BY score_month, partner_id, customer_tenant_id
HAVING count(*) > 1
LIMIT 3;
