SELECT nr, promise, left_side, right_side, abs(left_side - right_side) <= 1e-9 * greatest(1, abs(left_side)) AS agrees
FROM (
SELECT 1 AS nr, 'every row of categories is in hub_category or in quarantine' AS promise,
  (SELECT count(*) FROM source."categories") AS left_side,
  (SELECT (SELECT count(*) FROM (SELECT md5(CAST(s0."category_id" AS VARCHAR)) AS hk FROM vault.stage_hub_category AS s0 WHERE s0.reject_reason IS NULL) AS x JOIN vault.hub_category AS t ON t.category_hk = x.hk) + (SELECT count(*) FROM vault.quarantine WHERE entity = 'hub_category')) AS right_side
UNION ALL
SELECT 2 AS nr, 'hub_category: one row per category_id of all that name one' AS promise,
  (SELECT count(*) FROM (SELECT DISTINCT s0."category_id" FROM vault.stage_hub_category AS s0 WHERE s0.reject_reason IS NULL UNION SELECT DISTINCT s0."category_id" FROM source."products" AS s0 WHERE s0."category_id" IS NOT NULL) AS x) AS left_side,
  (SELECT count(*) FROM vault.hub_category) AS right_side
UNION ALL
SELECT 3 AS nr, 'every row of customers is in hub_customer or in quarantine' AS promise,
  (SELECT count(*) FROM source."customers") AS left_side,
  (SELECT (SELECT count(*) FROM (SELECT md5(CAST(s0."customer_id" AS VARCHAR)) AS hk FROM vault.stage_hub_customer AS s0 WHERE s0.reject_reason IS NULL) AS x JOIN vault.hub_customer AS t ON t.customer_hk = x.hk) + (SELECT count(*) FROM vault.quarantine WHERE entity = 'hub_customer')) AS right_side
UNION ALL
SELECT 4 AS nr, 'hub_customer: one row per customer_id of all that name one' AS promise,
  (SELECT count(*) FROM (SELECT DISTINCT s0."customer_id" FROM vault.stage_hub_customer AS s0 WHERE s0.reject_reason IS NULL UNION SELECT DISTINCT s0."customer_id" FROM source."orders" AS s0 WHERE s0."customer_id" IS NOT NULL) AS x) AS left_side,
  (SELECT count(*) FROM vault.hub_customer) AS right_side
UNION ALL
SELECT 5 AS nr, 'every row of employees is in hub_employee or in quarantine' AS promise,
  (SELECT count(*) FROM source."employees") AS left_side,
  (SELECT (SELECT count(*) FROM (SELECT md5(CAST(s0."employee_id" AS VARCHAR)) AS hk FROM vault.stage_hub_employee AS s0 WHERE s0.reject_reason IS NULL) AS x JOIN vault.hub_employee AS t ON t.employee_hk = x.hk) + (SELECT count(*) FROM vault.quarantine WHERE entity = 'hub_employee')) AS right_side
UNION ALL
SELECT 6 AS nr, 'hub_employee: one row per employee_id of all that name one' AS promise,
  (SELECT count(*) FROM (SELECT DISTINCT s0."employee_id" FROM vault.stage_hub_employee AS s0 WHERE s0.reject_reason IS NULL UNION SELECT DISTINCT s0."reports_to" FROM source."employees" AS s0 WHERE s0."reports_to" IS NOT NULL UNION SELECT DISTINCT s0."employee_id" FROM source."orders" AS s0 WHERE s0."employee_id" IS NOT NULL) AS x) AS left_side,
  (SELECT count(*) FROM vault.hub_employee) AS right_side
UNION ALL
SELECT 7 AS nr, 'every row of orders is in hub_order or in quarantine' AS promise,
  (SELECT count(*) FROM source."orders") AS left_side,
  (SELECT (SELECT count(*) FROM (SELECT md5(CAST(s0."order_id" AS VARCHAR)) AS hk FROM vault.stage_hub_order AS s0 WHERE s0.reject_reason IS NULL) AS x JOIN vault.hub_order AS t ON t.order_hk = x.hk) + (SELECT count(*) FROM vault.quarantine WHERE entity = 'hub_order')) AS right_side
UNION ALL
SELECT 8 AS nr, 'hub_order: one row per order_id of all that name one' AS promise,
  (SELECT count(*) FROM (SELECT DISTINCT s0."order_id" FROM vault.stage_hub_order AS s0 WHERE s0.reject_reason IS NULL UNION SELECT DISTINCT s0."order_id" FROM source."order_lines" AS s0 WHERE s0."order_id" IS NOT NULL UNION SELECT DISTINCT s0."order_id" FROM source."payments" AS s0 WHERE s0."order_id" IS NOT NULL) AS x) AS left_side,
  (SELECT count(*) FROM vault.hub_order) AS right_side
UNION ALL
SELECT 9 AS nr, 'every row of payments is in hub_payment or in quarantine' AS promise,
  (SELECT count(*) FROM source."payments") AS left_side,
  (SELECT (SELECT count(*) FROM (SELECT md5(CAST(s0."payment_id" AS VARCHAR)) AS hk FROM vault.stage_hub_payment AS s0 WHERE s0.reject_reason IS NULL) AS x JOIN vault.hub_payment AS t ON t.payment_hk = x.hk) + (SELECT count(*) FROM vault.quarantine WHERE entity = 'hub_payment')) AS right_side
UNION ALL
SELECT 10 AS nr, 'hub_payment: one row per payment_id of all that name one' AS promise,
  (SELECT count(*) FROM (SELECT DISTINCT s0."payment_id" FROM vault.stage_hub_payment AS s0 WHERE s0.reject_reason IS NULL) AS x) AS left_side,
  (SELECT count(*) FROM vault.hub_payment) AS right_side
UNION ALL
SELECT 11 AS nr, 'every row of products is in hub_product or in quarantine' AS promise,
  (SELECT count(*) FROM source."products") AS left_side,
  (SELECT (SELECT count(*) FROM (SELECT md5(CAST(s0."product_id" AS VARCHAR)) AS hk FROM vault.stage_hub_product AS s0 WHERE s0.reject_reason IS NULL) AS x JOIN vault.hub_product AS t ON t.product_hk = x.hk) + (SELECT count(*) FROM vault.quarantine WHERE entity = 'hub_product')) AS right_side
UNION ALL
SELECT 12 AS nr, 'hub_product: one row per product_id of all that name one' AS promise,
  (SELECT count(*) FROM (SELECT DISTINCT s0."product_id" FROM vault.stage_hub_product AS s0 WHERE s0.reject_reason IS NULL UNION SELECT DISTINCT s0."product_id" FROM source."order_lines" AS s0 WHERE s0."product_id" IS NOT NULL) AS x) AS left_side,
  (SELECT count(*) FROM vault.hub_product) AS right_side
UNION ALL
SELECT 13 AS nr, 'link_employee_reports_to: every reports_to of employees comes back through hub_employee' AS promise,
  (SELECT count(*) FROM vault.stage_hub_employee AS s0 WHERE s0.reject_reason IS NULL AND s0."reports_to" IS NOT NULL AND s0."reports_to" IS NOT NULL) AS left_side,
  (SELECT count(*) FROM (SELECT md5(CAST(s0."employee_id" AS VARCHAR) || chr(31) || CAST(s0."reports_to" AS VARCHAR)) AS hk, s0."reports_to" AS k0 FROM vault.stage_hub_employee AS s0 WHERE s0.reject_reason IS NULL AND s0."reports_to" IS NOT NULL AND s0."reports_to" IS NOT NULL) AS x JOIN vault.link_employee_reports_to AS l ON l.employee_reports_to_hk = x.hk JOIN vault.hub_employee AS h ON h.employee_hk = l.reports_to_hk AND h.employee_id = x.k0) AS right_side
UNION ALL
SELECT 14 AS nr, 'every row of order_lines is in link_order_line or in quarantine' AS promise,
  (SELECT count(*) FROM source."order_lines") AS left_side,
  (SELECT (SELECT count(*) FROM (SELECT md5(coalesce(CAST(s0."order_id" AS VARCHAR), '') || chr(31) || coalesce(CAST(s0."line_no" AS VARCHAR), '') || chr(31) || coalesce(CAST(s0."product_id" AS VARCHAR), '')) AS hk FROM vault.stage_link_order_line AS s0 WHERE s0.reject_reason IS NULL) AS x JOIN vault.link_order_line AS t ON t.order_line_hk = x.hk) + (SELECT count(*) FROM vault.quarantine WHERE entity = 'link_order_line')) AS right_side
UNION ALL
SELECT 15 AS nr, 'link_order_line: every order_id of order_lines comes back through hub_order' AS promise,
  (SELECT count(*) FROM vault.stage_link_order_line AS s0 WHERE s0.reject_reason IS NULL AND s0."order_id" IS NOT NULL) AS left_side,
  (SELECT count(*) FROM (SELECT md5(coalesce(CAST(s0."order_id" AS VARCHAR), '') || chr(31) || coalesce(CAST(s0."line_no" AS VARCHAR), '') || chr(31) || coalesce(CAST(s0."product_id" AS VARCHAR), '')) AS hk, s0."order_id" AS k0 FROM vault.stage_link_order_line AS s0 WHERE s0.reject_reason IS NULL AND s0."order_id" IS NOT NULL) AS x JOIN vault.link_order_line AS l ON l.order_line_hk = x.hk JOIN vault.hub_order AS h ON h.order_hk = l.order_hk AND h.order_id = x.k0) AS right_side
UNION ALL
SELECT 16 AS nr, 'link_order_line: every product_id of order_lines comes back through hub_product' AS promise,
  (SELECT count(*) FROM vault.stage_link_order_line AS s0 WHERE s0.reject_reason IS NULL AND s0."product_id" IS NOT NULL) AS left_side,
  (SELECT count(*) FROM (SELECT md5(coalesce(CAST(s0."order_id" AS VARCHAR), '') || chr(31) || coalesce(CAST(s0."line_no" AS VARCHAR), '') || chr(31) || coalesce(CAST(s0."product_id" AS VARCHAR), '')) AS hk, s0."product_id" AS k0 FROM vault.stage_link_order_line AS s0 WHERE s0.reject_reason IS NULL AND s0."product_id" IS NOT NULL) AS x JOIN vault.link_order_line AS l ON l.order_line_hk = x.hk JOIN vault.hub_product AS h ON h.product_hk = l.product_hk AND h.product_id = x.k0) AS right_side
UNION ALL
SELECT 17 AS nr, 'link_order_customer: every customer_id of orders comes back through hub_customer' AS promise,
  (SELECT count(*) FROM vault.stage_hub_order AS s0 WHERE s0.reject_reason IS NULL AND s0."customer_id" IS NOT NULL AND s0."customer_id" IS NOT NULL) AS left_side,
  (SELECT count(*) FROM (SELECT md5(CAST(s0."order_id" AS VARCHAR) || chr(31) || CAST(s0."customer_id" AS VARCHAR)) AS hk, s0."customer_id" AS k0 FROM vault.stage_hub_order AS s0 WHERE s0.reject_reason IS NULL AND s0."customer_id" IS NOT NULL AND s0."customer_id" IS NOT NULL) AS x JOIN vault.link_order_customer AS l ON l.order_customer_hk = x.hk JOIN vault.hub_customer AS h ON h.customer_hk = l.customer_hk AND h.customer_id = x.k0) AS right_side
UNION ALL
SELECT 18 AS nr, 'link_order_employee: every employee_id of orders comes back through hub_employee' AS promise,
  (SELECT count(*) FROM vault.stage_hub_order AS s0 WHERE s0.reject_reason IS NULL AND s0."employee_id" IS NOT NULL AND s0."employee_id" IS NOT NULL) AS left_side,
  (SELECT count(*) FROM (SELECT md5(CAST(s0."order_id" AS VARCHAR) || chr(31) || CAST(s0."employee_id" AS VARCHAR)) AS hk, s0."employee_id" AS k0 FROM vault.stage_hub_order AS s0 WHERE s0.reject_reason IS NULL AND s0."employee_id" IS NOT NULL AND s0."employee_id" IS NOT NULL) AS x JOIN vault.link_order_employee AS l ON l.order_employee_hk = x.hk JOIN vault.hub_employee AS h ON h.employee_hk = l.employee_hk AND h.employee_id = x.k0) AS right_side
UNION ALL
SELECT 19 AS nr, 'link_payment_order: every order_id of payments comes back through hub_order' AS promise,
  (SELECT count(*) FROM vault.stage_hub_payment AS s0 WHERE s0.reject_reason IS NULL AND s0."order_id" IS NOT NULL AND s0."order_id" IS NOT NULL) AS left_side,
  (SELECT count(*) FROM (SELECT md5(CAST(s0."payment_id" AS VARCHAR) || chr(31) || CAST(s0."order_id" AS VARCHAR)) AS hk, s0."order_id" AS k0 FROM vault.stage_hub_payment AS s0 WHERE s0.reject_reason IS NULL AND s0."order_id" IS NOT NULL AND s0."order_id" IS NOT NULL) AS x JOIN vault.link_payment_order AS l ON l.payment_order_hk = x.hk JOIN vault.hub_order AS h ON h.order_hk = l.order_hk AND h.order_id = x.k0) AS right_side
UNION ALL
SELECT 20 AS nr, 'link_product_category: every category_id of products comes back through hub_category' AS promise,
  (SELECT count(*) FROM vault.stage_hub_product AS s0 WHERE s0.reject_reason IS NULL AND s0."category_id" IS NOT NULL AND s0."category_id" IS NOT NULL) AS left_side,
  (SELECT count(*) FROM (SELECT md5(CAST(s0."product_id" AS VARCHAR) || chr(31) || CAST(s0."category_id" AS VARCHAR)) AS hk, s0."category_id" AS k0 FROM vault.stage_hub_product AS s0 WHERE s0.reject_reason IS NULL AND s0."category_id" IS NOT NULL AND s0."category_id" IS NOT NULL) AS x JOIN vault.link_product_category AS l ON l.product_category_hk = x.hk JOIN vault.hub_category AS h ON h.category_hk = l.category_hk AND h.category_id = x.k0) AS right_side
UNION ALL
SELECT 21 AS nr, 'sat_category_state: joining it back to categories loses nothing' AS promise,
  (SELECT count(*) FROM (SELECT md5(CAST(s0."category_id" AS VARCHAR)) AS category_hk, s0."category_name" AS category_name FROM vault.stage_hub_category AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY category_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_category_state AS t) AS r WHERE kit_rank = 1) AS c ON c.category_hk = x.category_hk WHERE c.category_hk IS NULL OR x.category_name IS DISTINCT FROM c.category_name) AS left_side,
  (SELECT 0) AS right_side
UNION ALL
SELECT 22 AS nr, 'sat_customer: joining it back to customers loses nothing' AS promise,
  (SELECT count(*) FROM (SELECT md5(CAST(s0."customer_id" AS VARCHAR)) AS customer_hk, s0."signup_date" AS signup_date FROM vault.stage_hub_customer AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY customer_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_customer AS t) AS r WHERE kit_rank = 1) AS c ON c.customer_hk = x.customer_hk WHERE c.customer_hk IS NULL OR x.signup_date IS DISTINCT FROM c.signup_date) AS left_side,
  (SELECT 0) AS right_side
UNION ALL
SELECT 23 AS nr, 'sat_customer_personal: joining it back to customers loses nothing' AS promise,
  (SELECT count(*) FROM (SELECT md5(CAST(s0."customer_id" AS VARCHAR)) AS customer_hk, s0."customer_name" AS customer_name, s0."city" AS city FROM vault.stage_hub_customer AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY customer_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_customer_personal AS t) AS r WHERE kit_rank = 1) AS c ON c.customer_hk = x.customer_hk WHERE c.customer_hk IS NULL OR x.customer_name IS DISTINCT FROM c.customer_name OR x.city IS DISTINCT FROM c.city) AS left_side,
  (SELECT 0) AS right_side
UNION ALL
SELECT 24 AS nr, 'sat_employee_effectivity_reports_to: joining it back to employees loses nothing' AS promise,
  (SELECT count(*) FROM (SELECT md5(CAST(s0."employee_id" AS VARCHAR)) AS employee_hk, CASE WHEN s0."reports_to" IS NOT NULL THEN md5(CAST(s0."employee_id" AS VARCHAR) || chr(31) || CAST(s0."reports_to" AS VARCHAR)) END AS employee_reports_to_hk FROM vault.stage_hub_employee AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY employee_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_employee_effectivity_reports_to AS t) AS r WHERE kit_rank = 1) AS c ON c.employee_hk = x.employee_hk WHERE c.employee_hk IS NULL OR x.employee_reports_to_hk IS DISTINCT FROM c.employee_reports_to_hk) AS left_side,
  (SELECT 0) AS right_side
UNION ALL
SELECT 25 AS nr, 'sat_employee: joining it back to employees loses nothing' AS promise,
  (SELECT count(*) FROM (SELECT md5(CAST(s0."employee_id" AS VARCHAR)) AS employee_hk, s0."hire_date" AS hire_date FROM vault.stage_hub_employee AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY employee_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_employee AS t) AS r WHERE kit_rank = 1) AS c ON c.employee_hk = x.employee_hk WHERE c.employee_hk IS NULL OR x.hire_date IS DISTINCT FROM c.hire_date) AS left_side,
  (SELECT 0) AS right_side
UNION ALL
SELECT 26 AS nr, 'sat_employee_personal: joining it back to employees loses nothing' AS promise,
  (SELECT count(*) FROM (SELECT md5(CAST(s0."employee_id" AS VARCHAR)) AS employee_hk, s0."last_name" AS last_name FROM vault.stage_hub_employee AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY employee_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_employee_personal AS t) AS r WHERE kit_rank = 1) AS c ON c.employee_hk = x.employee_hk WHERE c.employee_hk IS NULL OR x.last_name IS DISTINCT FROM c.last_name) AS left_side,
  (SELECT 0) AS right_side
UNION ALL
SELECT 27 AS nr, 'sat_order_line: joining it back to order_lines loses nothing' AS promise,
  (SELECT count(*) FROM (SELECT md5(coalesce(CAST(s0."order_id" AS VARCHAR), '') || chr(31) || coalesce(CAST(s0."line_no" AS VARCHAR), '') || chr(31) || coalesce(CAST(s0."product_id" AS VARCHAR), '')) AS order_line_hk, s0."quantity" AS quantity, s0."unit_price" AS unit_price FROM vault.stage_link_order_line AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY order_line_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_order_line AS t) AS r WHERE kit_rank = 1) AS c ON c.order_line_hk = x.order_line_hk WHERE c.order_line_hk IS NULL OR x.quantity IS DISTINCT FROM c.quantity OR x.unit_price IS DISTINCT FROM c.unit_price) AS left_side,
  (SELECT 0) AS right_side
UNION ALL
SELECT 28 AS nr, 'sat_order_line.quantity: total of the source = total of the newest rows' AS promise,
  (SELECT coalesce(sum(x.quantity), 0) FROM (SELECT md5(coalesce(CAST(s0."order_id" AS VARCHAR), '') || chr(31) || coalesce(CAST(s0."line_no" AS VARCHAR), '') || chr(31) || coalesce(CAST(s0."product_id" AS VARCHAR), '')) AS order_line_hk, s0."quantity" AS quantity, s0."unit_price" AS unit_price FROM vault.stage_link_order_line AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY order_line_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_order_line AS t) AS r WHERE kit_rank = 1) AS c ON c.order_line_hk = x.order_line_hk) AS left_side,
  (SELECT coalesce(sum(c.quantity), 0) FROM (SELECT md5(coalesce(CAST(s0."order_id" AS VARCHAR), '') || chr(31) || coalesce(CAST(s0."line_no" AS VARCHAR), '') || chr(31) || coalesce(CAST(s0."product_id" AS VARCHAR), '')) AS order_line_hk, s0."quantity" AS quantity, s0."unit_price" AS unit_price FROM vault.stage_link_order_line AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY order_line_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_order_line AS t) AS r WHERE kit_rank = 1) AS c ON c.order_line_hk = x.order_line_hk) AS right_side
UNION ALL
SELECT 29 AS nr, 'sat_order_line.unit_price: total of the source = total of the newest rows' AS promise,
  (SELECT coalesce(sum(x.unit_price), 0) FROM (SELECT md5(coalesce(CAST(s0."order_id" AS VARCHAR), '') || chr(31) || coalesce(CAST(s0."line_no" AS VARCHAR), '') || chr(31) || coalesce(CAST(s0."product_id" AS VARCHAR), '')) AS order_line_hk, s0."quantity" AS quantity, s0."unit_price" AS unit_price FROM vault.stage_link_order_line AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY order_line_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_order_line AS t) AS r WHERE kit_rank = 1) AS c ON c.order_line_hk = x.order_line_hk) AS left_side,
  (SELECT coalesce(sum(c.unit_price), 0) FROM (SELECT md5(coalesce(CAST(s0."order_id" AS VARCHAR), '') || chr(31) || coalesce(CAST(s0."line_no" AS VARCHAR), '') || chr(31) || coalesce(CAST(s0."product_id" AS VARCHAR), '')) AS order_line_hk, s0."quantity" AS quantity, s0."unit_price" AS unit_price FROM vault.stage_link_order_line AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY order_line_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_order_line AS t) AS r WHERE kit_rank = 1) AS c ON c.order_line_hk = x.order_line_hk) AS right_side
UNION ALL
SELECT 30 AS nr, 'sat_order_effectivity_customer: joining it back to orders loses nothing' AS promise,
  (SELECT count(*) FROM (SELECT md5(CAST(s0."order_id" AS VARCHAR)) AS order_hk, CASE WHEN s0."customer_id" IS NOT NULL THEN md5(CAST(s0."order_id" AS VARCHAR) || chr(31) || CAST(s0."customer_id" AS VARCHAR)) END AS order_customer_hk FROM vault.stage_hub_order AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY order_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_order_effectivity_customer AS t) AS r WHERE kit_rank = 1) AS c ON c.order_hk = x.order_hk WHERE c.order_hk IS NULL OR x.order_customer_hk IS DISTINCT FROM c.order_customer_hk) AS left_side,
  (SELECT 0) AS right_side
UNION ALL
SELECT 31 AS nr, 'sat_order_effectivity_employee: joining it back to orders loses nothing' AS promise,
  (SELECT count(*) FROM (SELECT md5(CAST(s0."order_id" AS VARCHAR)) AS order_hk, CASE WHEN s0."employee_id" IS NOT NULL THEN md5(CAST(s0."order_id" AS VARCHAR) || chr(31) || CAST(s0."employee_id" AS VARCHAR)) END AS order_employee_hk FROM vault.stage_hub_order AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY order_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_order_effectivity_employee AS t) AS r WHERE kit_rank = 1) AS c ON c.order_hk = x.order_hk WHERE c.order_hk IS NULL OR x.order_employee_hk IS DISTINCT FROM c.order_employee_hk) AS left_side,
  (SELECT 0) AS right_side
UNION ALL
SELECT 32 AS nr, 'sat_order: joining it back to orders loses nothing' AS promise,
  (SELECT count(*) FROM (SELECT md5(CAST(s0."order_id" AS VARCHAR)) AS order_hk, s0."ordered_on" AS ordered_on FROM vault.stage_hub_order AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY order_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_order AS t) AS r WHERE kit_rank = 1) AS c ON c.order_hk = x.order_hk WHERE c.order_hk IS NULL OR x.ordered_on IS DISTINCT FROM c.ordered_on) AS left_side,
  (SELECT 0) AS right_side
UNION ALL
SELECT 33 AS nr, 'sat_order_state: joining it back to orders loses nothing' AS promise,
  (SELECT count(*) FROM (SELECT md5(CAST(s0."order_id" AS VARCHAR)) AS order_hk, s0."freight" AS freight, s0."status" AS status FROM vault.stage_hub_order AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY order_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_order_state AS t) AS r WHERE kit_rank = 1) AS c ON c.order_hk = x.order_hk WHERE c.order_hk IS NULL OR x.freight IS DISTINCT FROM c.freight OR x.status IS DISTINCT FROM c.status) AS left_side,
  (SELECT 0) AS right_side
UNION ALL
SELECT 34 AS nr, 'sat_order_state.freight: total of the source = total of the newest rows' AS promise,
  (SELECT coalesce(sum(x.freight), 0) FROM (SELECT md5(CAST(s0."order_id" AS VARCHAR)) AS order_hk, s0."freight" AS freight, s0."status" AS status FROM vault.stage_hub_order AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY order_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_order_state AS t) AS r WHERE kit_rank = 1) AS c ON c.order_hk = x.order_hk) AS left_side,
  (SELECT coalesce(sum(c.freight), 0) FROM (SELECT md5(CAST(s0."order_id" AS VARCHAR)) AS order_hk, s0."freight" AS freight, s0."status" AS status FROM vault.stage_hub_order AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY order_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_order_state AS t) AS r WHERE kit_rank = 1) AS c ON c.order_hk = x.order_hk) AS right_side
UNION ALL
SELECT 35 AS nr, 'sat_payment: joining it back to payments loses nothing' AS promise,
  (SELECT count(*) FROM (SELECT md5(CAST(s0."payment_id" AS VARCHAR)) AS payment_hk, s0."paid_on" AS paid_on, s0."amount" AS amount FROM vault.stage_hub_payment AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY payment_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_payment AS t) AS r WHERE kit_rank = 1) AS c ON c.payment_hk = x.payment_hk WHERE c.payment_hk IS NULL OR x.paid_on IS DISTINCT FROM c.paid_on OR x.amount IS DISTINCT FROM c.amount) AS left_side,
  (SELECT 0) AS right_side
UNION ALL
SELECT 36 AS nr, 'sat_payment.amount: total of the source = total of the newest rows' AS promise,
  (SELECT coalesce(sum(x.amount), 0) FROM (SELECT md5(CAST(s0."payment_id" AS VARCHAR)) AS payment_hk, s0."paid_on" AS paid_on, s0."amount" AS amount FROM vault.stage_hub_payment AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY payment_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_payment AS t) AS r WHERE kit_rank = 1) AS c ON c.payment_hk = x.payment_hk) AS left_side,
  (SELECT coalesce(sum(c.amount), 0) FROM (SELECT md5(CAST(s0."payment_id" AS VARCHAR)) AS payment_hk, s0."paid_on" AS paid_on, s0."amount" AS amount FROM vault.stage_hub_payment AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY payment_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_payment AS t) AS r WHERE kit_rank = 1) AS c ON c.payment_hk = x.payment_hk) AS right_side
UNION ALL
SELECT 37 AS nr, 'sat_product_effectivity_category: joining it back to products loses nothing' AS promise,
  (SELECT count(*) FROM (SELECT md5(CAST(s0."product_id" AS VARCHAR)) AS product_hk, CASE WHEN s0."category_id" IS NOT NULL THEN md5(CAST(s0."product_id" AS VARCHAR) || chr(31) || CAST(s0."category_id" AS VARCHAR)) END AS product_category_hk FROM vault.stage_hub_product AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY product_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_product_effectivity_category AS t) AS r WHERE kit_rank = 1) AS c ON c.product_hk = x.product_hk WHERE c.product_hk IS NULL OR x.product_category_hk IS DISTINCT FROM c.product_category_hk) AS left_side,
  (SELECT 0) AS right_side
UNION ALL
SELECT 38 AS nr, 'sat_product: joining it back to products loses nothing' AS promise,
  (SELECT count(*) FROM (SELECT md5(CAST(s0."product_id" AS VARCHAR)) AS product_hk, s0."product_name" AS product_name FROM vault.stage_hub_product AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY product_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_product AS t) AS r WHERE kit_rank = 1) AS c ON c.product_hk = x.product_hk WHERE c.product_hk IS NULL OR x.product_name IS DISTINCT FROM c.product_name) AS left_side,
  (SELECT 0) AS right_side
UNION ALL
SELECT 39 AS nr, 'sat_product_state: joining it back to products loses nothing' AS promise,
  (SELECT count(*) FROM (SELECT md5(CAST(s0."product_id" AS VARCHAR)) AS product_hk, s0."list_price" AS list_price FROM vault.stage_hub_product AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY product_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_product_state AS t) AS r WHERE kit_rank = 1) AS c ON c.product_hk = x.product_hk WHERE c.product_hk IS NULL OR x.list_price IS DISTINCT FROM c.list_price) AS left_side,
  (SELECT 0) AS right_side
UNION ALL
SELECT 40 AS nr, 'sat_product_state.list_price: total of the source = total of the newest rows' AS promise,
  (SELECT coalesce(sum(x.list_price), 0) FROM (SELECT md5(CAST(s0."product_id" AS VARCHAR)) AS product_hk, s0."list_price" AS list_price FROM vault.stage_hub_product AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY product_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_product_state AS t) AS r WHERE kit_rank = 1) AS c ON c.product_hk = x.product_hk) AS left_side,
  (SELECT coalesce(sum(c.list_price), 0) FROM (SELECT md5(CAST(s0."product_id" AS VARCHAR)) AS product_hk, s0."list_price" AS list_price FROM vault.stage_hub_product AS s0 WHERE s0.reject_reason IS NULL) AS x LEFT JOIN (SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY product_hk ORDER BY load_date DESC) AS kit_rank FROM vault.sat_product_state AS t) AS r WHERE kit_rank = 1) AS c ON c.product_hk = x.product_hk) AS right_side
) AS reconciliation
ORDER BY nr;
