-- a full load replaces what was there: running it twice changes nothing

TRUNCATE mart.fact_order_line, mart.fact_payment, mart.dim_employee, mart.dim_customer, mart.dim_product, mart.dim_date;
DELETE FROM mart.quarantine;

-- dim_date from the calendar
INSERT INTO mart.dim_date (dim_date_key, date_day, year, quarter, month, day_of_month, iso_weekday, is_weekend)
SELECT CAST(extract(year FROM g.d) * 10000 + extract(month FROM g.d) * 100 + extract(day FROM g.d) AS bigint), CAST(g.d AS date), CAST(extract(year FROM g.d) AS bigint), CAST(extract(quarter FROM g.d) AS bigint), CAST(extract(month FROM g.d) AS bigint), CAST(extract(day FROM g.d) AS bigint), CAST(extract(isodow FROM g.d) AS bigint), extract(isodow FROM g.d) >= 6
FROM generate_series(CAST('2024-01-01' AS date), CAST('2024-12-31' AS date), INTERVAL '1 day') AS g(d);
INSERT INTO mart.dim_date (dim_date_key, date_day, year, quarter, month, day_of_month, iso_weekday, is_weekend) VALUES (-1, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

-- dim_product from products, categories
DROP TABLE IF EXISTS mart.stage_dim_product;
CREATE TABLE mart.stage_dim_product AS
SELECT s.*, CAST(NULL AS text) AS reject_reason
FROM source."products" AS s;
INSERT INTO mart.dim_product (dim_product_key, product_id, product_name, category_id, list_price, category_name, valid_from, valid_to, is_current)
SELECT
  row_number() OVER (ORDER BY s0."product_id") AS dim_product_key,
  s0."product_id" AS product_id,
  s0."product_name" AS product_name,
  s0."category_id" AS category_id,
  s0."list_price" AS list_price,
  s1."category_name" AS category_name,
  DATE '1900-01-01' AS valid_from,
  DATE '9999-12-31' AS valid_to,
  TRUE AS is_current
FROM mart.stage_dim_product AS s0
LEFT JOIN source."categories" AS s1 ON s1."category_id" = s0."category_id"
WHERE s0.reject_reason IS NULL;
INSERT INTO mart.quarantine
SELECT 'dim_product', 'products', s0.reject_reason, CAST(to_json(s0) AS text)
FROM mart.stage_dim_product AS s0 WHERE s0.reject_reason IS NOT NULL;
INSERT INTO mart.dim_product (dim_product_key, product_id, product_name, category_id, list_price, category_name, valid_from, valid_to, is_current) VALUES (-1, NULL, NULL, NULL, NULL, NULL, DATE '1900-01-01', DATE '9999-12-31', TRUE);

-- dim_customer from customers
DROP TABLE IF EXISTS mart.stage_dim_customer;
CREATE TABLE mart.stage_dim_customer AS
SELECT s.*, CAST(NULL AS text) AS reject_reason
FROM source."customers" AS s;
INSERT INTO mart.dim_customer (dim_customer_key, customer_id, customer_name, city, signup_date, valid_from, valid_to, is_current)
SELECT
  row_number() OVER (ORDER BY s0."customer_id") AS dim_customer_key,
  s0."customer_id" AS customer_id,
  s0."customer_name" AS customer_name,
  s0."city" AS city,
  s0."signup_date" AS signup_date,
  DATE '1900-01-01' AS valid_from,
  DATE '9999-12-31' AS valid_to,
  TRUE AS is_current
FROM mart.stage_dim_customer AS s0
WHERE s0.reject_reason IS NULL;
INSERT INTO mart.quarantine
SELECT 'dim_customer', 'customers', s0.reject_reason, CAST(to_json(s0) AS text)
FROM mart.stage_dim_customer AS s0 WHERE s0.reject_reason IS NOT NULL;
INSERT INTO mart.dim_customer (dim_customer_key, customer_id, customer_name, city, signup_date, valid_from, valid_to, is_current) VALUES (-1, NULL, NULL, NULL, NULL, DATE '1900-01-01', DATE '9999-12-31', TRUE);

-- dim_employee from employees
DROP TABLE IF EXISTS mart.stage_dim_employee;
CREATE TABLE mart.stage_dim_employee AS
SELECT s.*, CAST(NULL AS text) AS reject_reason
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
LEFT JOIN (SELECT dim_customer_key AS kit_key, customer_id FROM mart.dim_customer WHERE is_current) AS d0 ON d0.customer_id = s1."customer_id"
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
LEFT JOIN (SELECT dim_product_key AS kit_key, product_id FROM mart.dim_product WHERE is_current) AS d0 ON d0.product_id = s0."product_id"
LEFT JOIN (SELECT dim_customer_key AS kit_key, customer_id FROM mart.dim_customer WHERE is_current) AS d1 ON d1.customer_id = s1."customer_id"
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
