SELECT nr, promise, left_side, right_side, abs(left_side - right_side) <= 1e-9 * greatest(1, abs(left_side)) AS agrees
FROM (
SELECT 1 AS nr, 'every row of categories is in category or in quarantine' AS promise,
  (SELECT count(*) FROM source."categories") AS left_side,
  (SELECT (SELECT count(*) FROM core.category) + (SELECT count(*) FROM core.quarantine WHERE entity = 'category')) AS right_side
UNION ALL
SELECT 2 AS nr, 'category: its grain (category_id) is unique' AS promise,
  (SELECT count(*) FROM core.category) AS left_side,
  (SELECT count(*) FROM (SELECT DISTINCT category_id FROM core.category) AS x) AS right_side
UNION ALL
SELECT 3 AS nr, 'every row of customers is in customer or in quarantine' AS promise,
  (SELECT count(*) FROM source."customers") AS left_side,
  (SELECT (SELECT count(*) FROM core.customer) + (SELECT count(*) FROM core.quarantine WHERE entity = 'customer')) AS right_side
UNION ALL
SELECT 4 AS nr, 'customer: its grain (customer_id) is unique' AS promise,
  (SELECT count(*) FROM core.customer) AS left_side,
  (SELECT count(*) FROM (SELECT DISTINCT customer_id FROM core.customer) AS x) AS right_side
UNION ALL
SELECT 5 AS nr, 'every row of employees is in employee or in quarantine' AS promise,
  (SELECT count(*) FROM source."employees") AS left_side,
  (SELECT (SELECT count(*) FROM core.employee) + (SELECT count(*) FROM core.quarantine WHERE entity = 'employee')) AS right_side
UNION ALL
SELECT 6 AS nr, 'employee: its grain (employee_id) is unique' AS promise,
  (SELECT count(*) FROM core.employee) AS left_side,
  (SELECT count(*) FROM (SELECT DISTINCT employee_id FROM core.employee) AS x) AS right_side
UNION ALL
SELECT 7 AS nr, 'every row of orders is in order or in quarantine' AS promise,
  (SELECT count(*) FROM source."orders") AS left_side,
  (SELECT (SELECT count(*) FROM core."order") + (SELECT count(*) FROM core.quarantine WHERE entity = 'order')) AS right_side
UNION ALL
SELECT 8 AS nr, 'order: its grain (order_id) is unique' AS promise,
  (SELECT count(*) FROM core."order") AS left_side,
  (SELECT count(*) FROM (SELECT DISTINCT order_id FROM core."order") AS x) AS right_side
UNION ALL
SELECT 9 AS nr, 'every row of payments is in payment or in quarantine' AS promise,
  (SELECT count(*) FROM source."payments") AS left_side,
  (SELECT (SELECT count(*) FROM core.payment) + (SELECT count(*) FROM core.quarantine WHERE entity = 'payment')) AS right_side
UNION ALL
SELECT 10 AS nr, 'payment: its grain (payment_id) is unique' AS promise,
  (SELECT count(*) FROM core.payment) AS left_side,
  (SELECT count(*) FROM (SELECT DISTINCT payment_id FROM core.payment) AS x) AS right_side
UNION ALL
SELECT 11 AS nr, 'every row of products is in product or in quarantine' AS promise,
  (SELECT count(*) FROM source."products") AS left_side,
  (SELECT (SELECT count(*) FROM core.product) + (SELECT count(*) FROM core.quarantine WHERE entity = 'product')) AS right_side
UNION ALL
SELECT 12 AS nr, 'product: its grain (product_id) is unique' AS promise,
  (SELECT count(*) FROM core.product) AS left_side,
  (SELECT count(*) FROM (SELECT DISTINCT product_id FROM core.product) AS x) AS right_side
UNION ALL
SELECT 13 AS nr, 'every row of order_lines is in order_line or in quarantine' AS promise,
  (SELECT count(*) FROM source."order_lines") AS left_side,
  (SELECT (SELECT count(*) FROM core.order_line) + (SELECT count(*) FROM core.quarantine WHERE entity = 'order_line')) AS right_side
UNION ALL
SELECT 14 AS nr, 'order_line: its grain (order_id, line_no) is unique' AS promise,
  (SELECT count(*) FROM core.order_line) AS left_side,
  (SELECT count(*) FROM (SELECT DISTINCT order_id, line_no FROM core.order_line) AS x) AS right_side
) AS reconciliation
ORDER BY nr;
