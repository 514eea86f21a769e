-- what has no history is replaced, what has gets versions: running it twice changes nothing

TRUNCATE mart.fact_order_line, mart.fact_payment, mart.dim_employee, mart.dim_date;
DELETE FROM mart.quarantine;

-- dim_date from the calendar
INSERT INTO mart.dim_date (dim_date_key, date_day, year, quarter, month, day_of_month, iso_weekday, is_weekend)
SELECT CAST(extract(year FROM g.d) * 10000 + extract(month FROM g.d) * 100 + extract(day FROM g.d) AS bigint), CAST(g.d AS date), CAST(extract(year FROM g.d) AS bigint), CAST(extract(quarter FROM g.d) AS bigint), CAST(extract(month FROM g.d) AS bigint), CAST(extract(day FROM g.d) AS bigint), CAST(extract(isodow FROM g.d) AS bigint), extract(isodow FROM g.d) >= 6
FROM generate_series(CAST('2024-01-01' AS date), CAST('2024-12-31' AS date), INTERVAL '1 day') AS g(d);
INSERT INTO mart.dim_date (dim_date_key, date_day, year, quarter, month, day_of_month, iso_weekday, is_weekend) VALUES (-1, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

-- dim_product from products, categories
DROP TABLE IF EXISTS mart.stage_dim_product;
CREATE TABLE mart.stage_dim_product AS
SELECT s.*, CASE
  WHEN s."product_id" IS NULL THEN 'product_id is missing'
  WHEN row_number() OVER (PARTITION BY s."product_id" ORDER BY s."product_id") > 1 THEN 'repeats the key product_id'
END AS reject_reason
FROM source."products" AS s;
DROP TABLE IF EXISTS mart.incoming_dim_product;
CREATE TABLE mart.incoming_dim_product AS
SELECT
  s0."product_id" AS product_id,
  s0."product_name" AS product_name,
  s0."category_id" AS category_id,
  s0."list_price" AS list_price,
  s1."category_name" AS category_name
FROM mart.stage_dim_product AS s0
LEFT JOIN source."categories" AS s1 ON s1."category_id" = s0."category_id"
WHERE s0.reject_reason IS NULL;
UPDATE mart.dim_product AS d SET category_id = i.category_id, list_price = i.list_price, category_name = i.category_name
FROM mart.incoming_dim_product AS i
WHERE d.product_id = i.product_id AND d.valid_from = CURRENT_DATE AND (d.category_id IS DISTINCT FROM i.category_id OR d.list_price IS DISTINCT FROM i.list_price OR d.category_name IS DISTINCT FROM i.category_name);
UPDATE mart.dim_product AS d SET valid_to = CURRENT_DATE, is_current = FALSE
FROM mart.incoming_dim_product AS i
WHERE d.product_id = i.product_id AND d.is_current AND (d.category_id IS DISTINCT FROM i.category_id OR d.list_price IS DISTINCT FROM i.list_price OR d.category_name IS DISTINCT FROM i.category_name);
UPDATE mart.dim_product AS d SET product_name = i.product_name
FROM mart.incoming_dim_product AS i
WHERE d.product_id = i.product_id AND (d.product_name IS DISTINCT FROM i.product_name);
INSERT INTO mart.dim_product (dim_product_key, product_id, product_name, category_id, list_price, category_name, valid_from, valid_to, is_current)
SELECT (SELECT coalesce(max(dim_product_key), 0) FROM mart.dim_product WHERE dim_product_key > 0) + row_number() OVER (ORDER BY i.product_id), i.product_id, i.product_name, i.category_id, i.list_price, i.category_name,
  CASE WHEN EXISTS (SELECT 1 FROM mart.dim_product AS d WHERE d.product_id = i.product_id) THEN CURRENT_DATE ELSE DATE '1900-01-01' END, DATE '9999-12-31', TRUE
FROM mart.incoming_dim_product AS i
WHERE NOT EXISTS (SELECT 1 FROM mart.dim_product AS d WHERE d.product_id = i.product_id AND d.is_current);
INSERT INTO mart.dim_product (dim_product_key, valid_from, valid_to, is_current)
SELECT -1, DATE '1900-01-01', DATE '9999-12-31', TRUE
WHERE NOT EXISTS (SELECT 1 FROM mart.dim_product WHERE dim_product_key = -1);
DROP TABLE mart.incoming_dim_product;
INSERT INTO mart.quarantine
SELECT 'dim_product', 'products', s0.reject_reason, CAST(to_json(s0) AS text)
FROM mart.stage_dim_product AS s0 WHERE s0.reject_reason IS NOT NULL;

-- dim_customer from customers
DROP TABLE IF EXISTS mart.stage_dim_customer;
CREATE TABLE mart.stage_dim_customer AS
SELECT s.*, CASE
  WHEN s."customer_id" IS NULL THEN 'customer_id is missing'
  WHEN row_number() OVER (PARTITION BY s."customer_id" ORDER BY s."customer_id") > 1 THEN 'repeats the key customer_id'
END AS reject_reason
FROM source."customers" AS s;
DROP TABLE IF EXISTS mart.incoming_dim_customer;
CREATE TABLE mart.incoming_dim_customer AS
SELECT
  s0."customer_id" AS customer_id,
  s0."customer_name" AS customer_name,
  s0."city" AS city,
  s0."signup_date" AS signup_date
FROM mart.stage_dim_customer AS s0
WHERE s0.reject_reason IS NULL;
UPDATE mart.dim_customer AS d SET city = i.city
FROM mart.incoming_dim_customer AS i
WHERE d.customer_id = i.customer_id AND d.valid_from = CURRENT_DATE AND (d.city IS DISTINCT FROM i.city);
UPDATE mart.dim_customer AS d SET valid_to = CURRENT_DATE, is_current = FALSE
FROM mart.incoming_dim_customer AS i
WHERE d.customer_id = i.customer_id AND d.is_current AND (d.city IS DISTINCT FROM i.city);
UPDATE mart.dim_customer AS d SET customer_name = i.customer_name, signup_date = i.signup_date
FROM mart.incoming_dim_customer AS i
WHERE d.customer_id = i.customer_id AND (d.customer_name IS DISTINCT FROM i.customer_name OR d.signup_date IS DISTINCT FROM i.signup_date);
INSERT INTO mart.dim_customer (dim_customer_key, customer_id, customer_name, city, signup_date, valid_from, valid_to, is_current)
SELECT (SELECT coalesce(max(dim_customer_key), 0) FROM mart.dim_customer WHERE dim_customer_key > 0) + row_number() OVER (ORDER BY i.customer_id), i.customer_id, i.customer_name, i.city, i.signup_date,
  CASE WHEN EXISTS (SELECT 1 FROM mart.dim_customer AS d WHERE d.customer_id = i.customer_id) THEN CURRENT_DATE ELSE DATE '1900-01-01' END, DATE '9999-12-31', TRUE
FROM mart.incoming_dim_customer AS i
WHERE NOT EXISTS (SELECT 1 FROM mart.dim_customer AS d WHERE d.customer_id = i.customer_id AND d.is_current);
INSERT INTO mart.dim_customer (dim_customer_key, valid_from, valid_to, is_current)
SELECT -1, DATE '1900-01-01', DATE '9999-12-31', TRUE
WHERE NOT EXISTS (SELECT 1 FROM mart.dim_customer WHERE dim_customer_key = -1);
DROP TABLE mart.incoming_dim_customer;
INSERT INTO mart.quarantine
SELECT 'dim_customer', 'customers', s0.reject_reason, CAST(to_json(s0) AS text)
FROM mart.stage_dim_customer AS s0 WHERE s0.reject_reason IS NOT NULL;

-- dim_employee from employees
DROP TABLE IF EXISTS mart.stage_dim_employee;
CREATE TABLE mart.stage_dim_employee AS
SELECT s.*, CASE
  WHEN s."employee_id" IS NULL THEN 'employee_id is missing'
  WHEN row_number() OVER (PARTITION BY s."employee_id" ORDER BY s."employee_id") > 1 THEN 'repeats the key employee_id'
END AS reject_reason
FROM source."employees" AS s;
INSERT INTO mart.dim_employee (dim_employee_key, employee_id, last_name, reports_to, hire_date)
SELECT
  row_number() OVER (ORDER BY s0."employee_id") AS dim_employee_key,
  s0."employee_id" AS employee_id,
  s0."last_name" AS last_name,
  s0."reports_to" AS reports_to,
  s0."hire_date" AS hire_date
FROM mart.stage_dim_employee AS s0
WHERE s0.reject_reason IS NULL;
INSERT INTO mart.quarantine
SELECT 'dim_employee', 'employees', s0.reject_reason, CAST(to_json(s0) AS text)
FROM mart.stage_dim_employee AS s0 WHERE s0.reject_reason IS NOT NULL;
INSERT INTO mart.dim_employee (dim_employee_key, employee_id, last_name, reports_to, hire_date) VALUES (-1, NULL, NULL, NULL, NULL);

-- fact_payment from payments, orders
DROP TABLE IF EXISTS mart.stage_fact_payment;
CREATE TABLE mart.stage_fact_payment AS
SELECT s.*, CASE
  WHEN s."payment_id" IS NULL THEN 'payment_id is missing'
  WHEN row_number() OVER (PARTITION BY s."payment_id" ORDER BY CAST(to_json(s) AS text)) > 1 THEN 'repeats the key payment_id'
END AS reject_reason
FROM source."payments" AS s;
INSERT INTO mart.fact_payment (payment_id, order_id, customer_key, employee_key, paid_date_key, amount)
SELECT
  s0."payment_id" AS payment_id,
  s0."order_id" AS order_id,
  coalesce(d0.kit_key, -1) AS customer_key,
  coalesce(d1.kit_key, -1) AS employee_key,
  coalesce(d2.kit_key, -1) AS paid_date_key,
  s0."amount" AS amount
FROM mart.stage_fact_payment AS s0
LEFT JOIN source."orders" AS s1 ON s1."order_id" = s0."order_id"
LEFT JOIN (SELECT dim_customer_key AS kit_key, customer_id, valid_from, valid_to, is_current FROM mart.dim_customer) AS d0 ON d0.customer_id = s1."customer_id"
  AND CASE WHEN CAST(s0."paid_on" AS date) IS NULL THEN d0.is_current ELSE least(greatest(CAST(s0."paid_on" AS date), DATE '1900-01-01'), DATE '9999-12-31' - 1) >= d0.valid_from AND least(greatest(CAST(s0."paid_on" AS date), DATE '1900-01-01'), DATE '9999-12-31' - 1) < d0.valid_to END
LEFT JOIN (SELECT dim_employee_key AS kit_key, employee_id FROM mart.dim_employee) AS d1 ON d1.employee_id = s1."employee_id"
LEFT JOIN (SELECT dim_date_key AS kit_key, date_day FROM mart.dim_date) AS d2 ON d2.date_day = CAST(s0."paid_on" AS date)
WHERE s0.reject_reason IS NULL;
INSERT INTO mart.quarantine
SELECT 'fact_payment', 'payments', s0.reject_reason, CAST(to_json(s0) AS text)
FROM mart.stage_fact_payment AS s0 WHERE s0.reject_reason IS NOT NULL;

-- fact_order_line from order_lines, orders
DROP TABLE IF EXISTS mart.stage_fact_order_line;
CREATE TABLE mart.stage_fact_order_line AS
SELECT s.*, CASE
  WHEN s."order_id" IS NULL THEN 'order_id is missing'
  WHEN s."line_no" IS NULL THEN 'line_no is missing'
  WHEN row_number() OVER (PARTITION BY s."order_id", s."line_no" ORDER BY s."order_id", s."line_no") > 1 THEN 'repeats the key order_id, line_no'
END AS reject_reason
FROM source."order_lines" AS s;
INSERT INTO mart.fact_order_line (order_id, line_no, product_key, customer_key, employee_key, ordered_date_key, quantity, unit_price, freight_allocated, status)
SELECT
  s0."order_id" AS order_id,
  s0."line_no" AS line_no,
  coalesce(d0.kit_key, -1) AS product_key,
  coalesce(d1.kit_key, -1) AS customer_key,
  coalesce(d2.kit_key, -1) AS employee_key,
  coalesce(d3.kit_key, -1) AS ordered_date_key,
  s0."quantity" AS quantity,
  s0."unit_price" AS unit_price,
  CAST(s1."freight" AS DOUBLE PRECISION) / count(*) OVER (PARTITION BY s0."order_id") AS freight_allocated,
  s1."status" AS status
FROM mart.stage_fact_order_line AS s0
LEFT JOIN source."orders" AS s1 ON s1."order_id" = s0."order_id"
LEFT JOIN (SELECT dim_product_key AS kit_key, product_id, valid_from, valid_to, is_current FROM mart.dim_product) AS d0 ON d0.product_id = s0."product_id"
  AND CASE WHEN CAST(s1."ordered_on" AS date) IS NULL THEN d0.is_current ELSE least(greatest(CAST(s1."ordered_on" AS date), DATE '1900-01-01'), DATE '9999-12-31' - 1) >= d0.valid_from AND least(greatest(CAST(s1."ordered_on" AS date), DATE '1900-01-01'), DATE '9999-12-31' - 1) < d0.valid_to END
LEFT JOIN (SELECT dim_customer_key AS kit_key, customer_id, valid_from, valid_to, is_current FROM mart.dim_customer) AS d1 ON d1.customer_id = s1."customer_id"
  AND CASE WHEN CAST(s1."ordered_on" AS date) IS NULL THEN d1.is_current ELSE least(greatest(CAST(s1."ordered_on" AS date), DATE '1900-01-01'), DATE '9999-12-31' - 1) >= d1.valid_from AND least(greatest(CAST(s1."ordered_on" AS date), DATE '1900-01-01'), DATE '9999-12-31' - 1) < d1.valid_to END
LEFT JOIN (SELECT dim_employee_key AS kit_key, employee_id FROM mart.dim_employee) AS d2 ON d2.employee_id = s1."employee_id"
LEFT JOIN (SELECT dim_date_key AS kit_key, date_day FROM mart.dim_date) AS d3 ON d3.date_day = CAST(s1."ordered_on" AS date)
WHERE s0.reject_reason IS NULL;
INSERT INTO mart.quarantine
SELECT 'fact_order_line', 'order_lines', s0.reject_reason, CAST(to_json(s0) AS text)
FROM mart.stage_fact_order_line AS s0 WHERE s0.reject_reason IS NOT NULL;

-- fresh statistics, else the next joins are planned blindly
ANALYZE mart.dim_date;
ANALYZE mart.dim_product;
ANALYZE mart.dim_customer;
ANALYZE mart.dim_employee;
ANALYZE mart.fact_payment;
ANALYZE mart.fact_order_line;
ANALYZE mart.stage_dim_product;
ANALYZE mart.stage_dim_customer;
ANALYZE mart.stage_dim_employee;
ANALYZE mart.stage_fact_payment;
ANALYZE mart.stage_fact_order_line;
