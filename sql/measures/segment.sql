-- One row is one customer segment of a customer of the fourteen months, folded, in byte order.
SELECT DISTINCT customer_segment
FROM customer_acr
WHERE customer_segment IS NOT NULL
ORDER BY customer_segment;
