-- Returns the hashes that two customers or two services share: then another salt is needed, because their consumption would be added together.
SELECT customer_hash AS hash FROM customer_name GROUP BY customer_hash HAVING count(*) > 1
UNION ALL
SELECT service_hash AS hash FROM service_name GROUP BY service_hash HAVING count(*) > 1
LIMIT 1;
