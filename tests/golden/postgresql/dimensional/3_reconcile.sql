SELECT nr, promise, left_side, right_side, abs(left_side - right_side) <= 1e-9 * greatest(1, abs(left_side)) AS agrees
FROM (
SELECT 1 AS nr, 'every row of products is in dim_product or in quarantine' AS promise,
  (SELECT count(*) FROM source."products") AS left_side,
  (SELECT (SELECT count(*) FROM mart.stage_dim_product AS s0 WHERE s0.reject_reason IS NULL AND EXISTS (SELECT 1 FROM mart.dim_product AS d WHERE d.product_id = s0."product_id" AND d.is_current)) + (SELECT count(*) FROM mart.quarantine WHERE entity = 'dim_product')) AS right_side
UNION ALL
SELECT 2 AS nr, 'dim_product: its grain (product_id, valid_from) is unique' AS promise,
  (SELECT count(*) FROM mart.dim_product WHERE dim_product_key <> -1) AS left_side,
  (SELECT count(*) FROM (SELECT DISTINCT product_id, valid_from FROM mart.dim_product WHERE dim_product_key <> -1) AS x) AS right_side
UNION ALL
SELECT 3 AS nr, 'dim_product: one current row per product_id' AS promise,
  (SELECT count(*) FROM (SELECT DISTINCT product_id FROM mart.dim_product WHERE dim_product_key <> -1) AS x) AS left_side,
  (SELECT count(*) FROM mart.dim_product WHERE dim_product_key <> -1 AND is_current) AS right_side
UNION ALL
SELECT 4 AS nr, 'dim_product: versions neither overlap nor leave gaps' AS promise,
  (SELECT count(*) FROM (SELECT valid_from AS b, lag(valid_to) OVER (PARTITION BY product_id ORDER BY valid_from) AS before FROM mart.dim_product WHERE dim_product_key <> -1) AS x WHERE before IS NOT NULL AND before <> b) AS left_side,
  (SELECT 0) AS right_side
UNION ALL
SELECT 5 AS nr, 'every row of customers is in dim_customer or in quarantine' AS promise,
  (SELECT count(*) FROM source."customers") AS left_side,
  (SELECT (SELECT count(*) FROM mart.stage_dim_customer AS s0 WHERE s0.reject_reason IS NULL AND EXISTS (SELECT 1 FROM mart.dim_customer AS d WHERE d.customer_id = s0."customer_id" AND d.is_current)) + (SELECT count(*) FROM mart.quarantine WHERE entity = 'dim_customer')) AS right_side
UNION ALL
SELECT 6 AS nr, 'dim_customer: its grain (customer_id, valid_from) is unique' AS promise,
  (SELECT count(*) FROM mart.dim_customer WHERE dim_customer_key <> -1) AS left_side,
  (SELECT count(*) FROM (SELECT DISTINCT customer_id, valid_from FROM mart.dim_customer WHERE dim_customer_key <> -1) AS x) AS right_side
UNION ALL
SELECT 7 AS nr, 'dim_customer: one current row per customer_id' AS promise,
  (SELECT count(*) FROM (SELECT DISTINCT customer_id FROM mart.dim_customer WHERE dim_customer_key <> -1) AS x) AS left_side,
  (SELECT count(*) FROM mart.dim_customer WHERE dim_customer_key <> -1 AND is_current) AS right_side
UNION ALL
SELECT 8 AS nr, 'dim_customer: versions neither overlap nor leave gaps' AS promise,
  (SELECT count(*) FROM (SELECT valid_from AS b, lag(valid_to) OVER (PARTITION BY customer_id ORDER BY valid_from) AS before FROM mart.dim_customer WHERE dim_customer_key <> -1) AS x WHERE before IS NOT NULL AND before <> b) AS left_side,
  (SELECT 0) AS right_side
UNION ALL
SELECT 9 AS nr, 'every row of employees is in dim_employee or in quarantine' AS promise,
  (SELECT count(*) FROM source."employees") AS left_side,
  (SELECT (SELECT count(*) FROM mart.dim_employee WHERE dim_employee_key <> -1) + (SELECT count(*) FROM mart.quarantine WHERE entity = 'dim_employee')) AS right_side
UNION ALL
SELECT 10 AS nr, 'dim_employee: its grain (employee_id) is unique' AS promise,
  (SELECT count(*) FROM mart.dim_employee WHERE dim_employee_key <> -1) AS left_side,
  (SELECT count(*) FROM (SELECT DISTINCT employee_id FROM mart.dim_employee WHERE dim_employee_key <> -1) AS x) AS right_side
UNION ALL
SELECT 11 AS nr, 'every row of payments is in fact_payment or in quarantine' AS promise,
  (SELECT count(*) FROM source."payments") AS left_side,
  (SELECT (SELECT count(*) FROM mart.fact_payment) + (SELECT count(*) FROM mart.quarantine WHERE entity = 'fact_payment')) AS right_side
UNION ALL
SELECT 12 AS nr, 'fact_payment: its grain (payment_id) is unique' AS promise,
  (SELECT count(*) FROM mart.fact_payment) AS left_side,
  (SELECT count(*) FROM (SELECT DISTINCT payment_id FROM mart.fact_payment) AS x) AS right_side
UNION ALL
SELECT 13 AS nr, 'amount: total before the joins = total in fact_payment' AS promise,
  (SELECT coalesce(sum(s0."amount"), 0) FROM mart.stage_fact_payment AS s0 WHERE s0.reject_reason IS NULL) AS left_side,
  (SELECT coalesce(sum(amount), 0) FROM mart.fact_payment) AS right_side
UNION ALL
SELECT 14 AS nr, 'fact_payment.customer_key: rows with no customers (empty or orphan) are the unknown ones' AS promise,
  (SELECT count(*) FROM mart.fact_payment WHERE customer_key = -1) AS left_side,
  (SELECT count(*) FROM mart.stage_fact_payment AS s0
LEFT JOIN source."orders" AS s1 ON s1."order_id" = s0."order_id"
WHERE s0.reject_reason IS NULL AND NOT EXISTS (SELECT 1 FROM source."customers" AS p WHERE p."customer_id" = s1."customer_id" AND p."customer_id" IS NOT NULL)) AS right_side
UNION ALL
SELECT 15 AS nr, 'fact_payment.employee_key: rows with no employees (empty or orphan) are the unknown ones' AS promise,
  (SELECT count(*) FROM mart.fact_payment WHERE employee_key = -1) AS left_side,
  (SELECT count(*) FROM mart.stage_fact_payment AS s0
LEFT JOIN source."orders" AS s1 ON s1."order_id" = s0."order_id"
WHERE s0.reject_reason IS NULL AND NOT EXISTS (SELECT 1 FROM source."employees" AS p WHERE p."employee_id" = s1."employee_id" AND p."employee_id" IS NOT NULL)) AS right_side
UNION ALL
SELECT 16 AS nr, 'fact_payment.paid_date_key: rows with no date in the calendar are the unknown ones' AS promise,
  (SELECT count(*) FROM mart.fact_payment WHERE paid_date_key = -1) AS left_side,
  (SELECT count(*) FROM mart.stage_fact_payment AS s0
WHERE s0.reject_reason IS NULL AND (CAST(s0."paid_on" AS date) IS NULL OR CAST(s0."paid_on" AS date) NOT BETWEEN '2024-01-01' AND '2024-12-31')) AS right_side
UNION ALL
SELECT 17 AS nr, 'every row of order_lines is in fact_order_line or in quarantine' AS promise,
  (SELECT count(*) FROM source."order_lines") AS left_side,
  (SELECT (SELECT count(*) FROM mart.fact_order_line) + (SELECT count(*) FROM mart.quarantine WHERE entity = 'fact_order_line')) AS right_side
UNION ALL
SELECT 18 AS nr, 'fact_order_line: its grain (order_id, line_no) is unique' AS promise,
  (SELECT count(*) FROM mart.fact_order_line) AS left_side,
  (SELECT count(*) FROM (SELECT DISTINCT order_id, line_no FROM mart.fact_order_line) AS x) AS right_side
UNION ALL
SELECT 19 AS nr, 'quantity: total before the joins = total in fact_order_line' AS promise,
  (SELECT coalesce(sum(s0."quantity"), 0) FROM mart.stage_fact_order_line AS s0 WHERE s0.reject_reason IS NULL) AS left_side,
  (SELECT coalesce(sum(quantity), 0) FROM mart.fact_order_line) AS right_side
UNION ALL
SELECT 20 AS nr, 'unit_price: total before the joins = total in fact_order_line' AS promise,
  (SELECT coalesce(sum(s0."unit_price"), 0) FROM mart.stage_fact_order_line AS s0 WHERE s0.reject_reason IS NULL) AS left_side,
  (SELECT coalesce(sum(unit_price), 0) FROM mart.fact_order_line) AS right_side
UNION ALL
SELECT 21 AS nr, 'freight_allocated: the headers'' total, each header once = total in fact_order_line' AS promise,
  (SELECT coalesce(sum(h."freight"), 0) FROM source."orders" AS h WHERE EXISTS (SELECT 1 FROM mart.stage_fact_order_line AS s0 WHERE s0.reject_reason IS NULL AND h."order_id" = s0."order_id")) AS left_side,
  (SELECT coalesce(sum(freight_allocated), 0) FROM mart.fact_order_line) AS right_side
UNION ALL
SELECT 22 AS nr, 'fact_order_line.product_key: rows with no products (empty or orphan) are the unknown ones' AS promise,
  (SELECT count(*) FROM mart.fact_order_line WHERE product_key = -1) AS left_side,
  (SELECT count(*) FROM mart.stage_fact_order_line AS s0
WHERE s0.reject_reason IS NULL AND NOT EXISTS (SELECT 1 FROM source."products" AS p WHERE p."product_id" = s0."product_id" AND p."product_id" IS NOT NULL)) AS right_side
UNION ALL
SELECT 23 AS nr, 'fact_order_line.customer_key: rows with no customers (empty or orphan) are the unknown ones' AS promise,
  (SELECT count(*) FROM mart.fact_order_line WHERE customer_key = -1) AS left_side,
  (SELECT count(*) FROM mart.stage_fact_order_line AS s0
LEFT JOIN source."orders" AS s1 ON s1."order_id" = s0."order_id"
WHERE s0.reject_reason IS NULL AND NOT EXISTS (SELECT 1 FROM source."customers" AS p WHERE p."customer_id" = s1."customer_id" AND p."customer_id" IS NOT NULL)) AS right_side
UNION ALL
SELECT 24 AS nr, 'fact_order_line.employee_key: rows with no employees (empty or orphan) are the unknown ones' AS promise,
  (SELECT count(*) FROM mart.fact_order_line WHERE employee_key = -1) AS left_side,
  (SELECT count(*) FROM mart.stage_fact_order_line AS s0
LEFT JOIN source."orders" AS s1 ON s1."order_id" = s0."order_id"
WHERE s0.reject_reason IS NULL AND NOT EXISTS (SELECT 1 FROM source."employees" AS p WHERE p."employee_id" = s1."employee_id" AND p."employee_id" IS NOT NULL)) AS right_side
UNION ALL
SELECT 25 AS nr, 'fact_order_line.ordered_date_key: rows with no date in the calendar are the unknown ones' AS promise,
  (SELECT count(*) FROM mart.fact_order_line WHERE ordered_date_key = -1) AS left_side,
  (SELECT count(*) FROM mart.stage_fact_order_line AS s0
LEFT JOIN source."orders" AS s1 ON s1."order_id" = s0."order_id"
WHERE s0.reject_reason IS NULL AND (CAST(s1."ordered_on" AS date) IS NULL OR CAST(s1."ordered_on" AS date) NOT BETWEEN '2024-01-01' AND '2024-12-31')) AS right_side
) AS reconciliation
ORDER BY nr;
