-- a full load replaces what was there: running it twice changes nothing

DELETE FROM core.order_line;
DELETE FROM core.product;
DELETE FROM core.payment;
DELETE FROM core."order";
DELETE FROM core.employee;
DELETE FROM core.customer;
DELETE FROM core.category;
DELETE FROM core.quarantine;

-- category from categories
DROP TABLE IF EXISTS core.stage_category;
CREATE TABLE core.stage_category AS
SELECT s.*, CASE
  WHEN s."category_id" IS NULL THEN 'category_id is missing'
  WHEN row_number() OVER (PARTITION BY s."category_id" ORDER BY s."category_id") > 1 THEN 'repeats the key category_id'
END AS reject_reason
FROM source."categories" AS s;
INSERT INTO core.category (category_id, category_name)
SELECT
  s0."category_id" AS category_id,
  s0."category_name" AS category_name
FROM core.stage_category AS s0
WHERE s0.reject_reason IS NULL;
INSERT INTO core.quarantine
SELECT 'category', 'categories', s0.reject_reason, CAST(to_json(s0) AS VARCHAR)
FROM core.stage_category AS s0 WHERE s0.reject_reason IS NOT NULL;

-- customer from customers
DROP TABLE IF EXISTS core.stage_customer;
CREATE TABLE core.stage_customer AS
SELECT s.*, CASE
  WHEN s."customer_id" IS NULL THEN 'customer_id is missing'
  WHEN row_number() OVER (PARTITION BY s."customer_id" ORDER BY s."customer_id") > 1 THEN 'repeats the key customer_id'
END AS reject_reason
FROM source."customers" AS s;
INSERT INTO core.customer (customer_id, customer_name, city, signup_date)
SELECT
  s0."customer_id" AS customer_id,
  s0."customer_name" AS customer_name,
  s0."city" AS city,
  s0."signup_date" AS signup_date
FROM core.stage_customer AS s0
WHERE s0.reject_reason IS NULL;
INSERT INTO core.quarantine
SELECT 'customer', 'customers', s0.reject_reason, CAST(to_json(s0) AS VARCHAR)
FROM core.stage_customer AS s0 WHERE s0.reject_reason IS NOT NULL;

-- employee from employees
DROP TABLE IF EXISTS core.stage_employee;
CREATE TABLE core.stage_employee AS
SELECT s.*, CASE
  WHEN s."employee_id" IS NULL THEN 'employee_id is missing'
  WHEN row_number() OVER (PARTITION BY s."employee_id" ORDER BY s."employee_id") > 1 THEN 'repeats the key employee_id'
END AS reject_reason
FROM source."employees" AS s;
INSERT INTO core.employee (employee_id, last_name, reports_to, hire_date)
SELECT
  s0."employee_id" AS employee_id,
  s0."last_name" AS last_name,
  s0."reports_to" AS reports_to,
  s0."hire_date" AS hire_date
FROM core.stage_employee AS s0
WHERE s0.reject_reason IS NULL;
INSERT INTO core.quarantine
SELECT 'employee', 'employees', s0.reject_reason, CAST(to_json(s0) AS VARCHAR)
FROM core.stage_employee AS s0 WHERE s0.reject_reason IS NOT NULL;

-- order from orders
DROP TABLE IF EXISTS core.stage_order;
CREATE TABLE core.stage_order AS
SELECT s.*, CASE
  WHEN s."order_id" IS NULL THEN 'order_id is missing'
  WHEN row_number() OVER (PARTITION BY s."order_id" ORDER BY s."order_id") > 1 THEN 'repeats the key order_id'
  WHEN s."customer_id" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM core.customer AS p WHERE p.customer_id = s."customer_id") THEN 'customer_id has no row in customer'
  WHEN s."employee_id" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM core.employee AS p WHERE p.employee_id = s."employee_id") THEN 'employee_id has no row in employee'
END AS reject_reason
FROM source."orders" AS s;
INSERT INTO core."order" (order_id, customer_id, employee_id, ordered_on, freight, status)
SELECT
  s0."order_id" AS order_id,
  s0."customer_id" AS customer_id,
  s0."employee_id" AS employee_id,
  s0."ordered_on" AS ordered_on,
  s0."freight" AS freight,
  s0."status" AS status
FROM core.stage_order AS s0
WHERE s0.reject_reason IS NULL;
INSERT INTO core.quarantine
SELECT 'order', 'orders', s0.reject_reason, CAST(to_json(s0) AS VARCHAR)
FROM core.stage_order AS s0 WHERE s0.reject_reason IS NOT NULL;

-- payment from payments
DROP TABLE IF EXISTS core.stage_payment;
CREATE TABLE core.stage_payment AS
SELECT s.*, CASE
  WHEN s."payment_id" IS NULL THEN 'payment_id is missing'
  WHEN row_number() OVER (PARTITION BY s."payment_id" ORDER BY CAST(to_json(s) AS VARCHAR)) > 1 THEN 'repeats the key payment_id'
  WHEN s."order_id" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM core."order" AS p WHERE p.order_id = s."order_id") THEN 'order_id has no row in order'
END AS reject_reason
FROM source."payments" AS s;
INSERT INTO core.payment (payment_id, order_id, paid_on, amount)
SELECT
  s0."payment_id" AS payment_id,
  s0."order_id" AS order_id,
  s0."paid_on" AS paid_on,
  s0."amount" AS amount
FROM core.stage_payment AS s0
WHERE s0.reject_reason IS NULL;
INSERT INTO core.quarantine
SELECT 'payment', 'payments', s0.reject_reason, CAST(to_json(s0) AS VARCHAR)
FROM core.stage_payment AS s0 WHERE s0.reject_reason IS NOT NULL;

-- product from products
DROP TABLE IF EXISTS core.stage_product;
CREATE TABLE core.stage_product AS
SELECT s.*, CASE
  WHEN s."product_id" IS NULL THEN 'product_id is missing'
  WHEN row_number() OVER (PARTITION BY s."product_id" ORDER BY s."product_id") > 1 THEN 'repeats the key product_id'
  WHEN s."category_id" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM core.category AS p WHERE p.category_id = s."category_id") THEN 'category_id has no row in category'
END AS reject_reason
FROM source."products" AS s;
INSERT INTO core.product (product_id, product_name, category_id, list_price)
SELECT
  s0."product_id" AS product_id,
  s0."product_name" AS product_name,
  s0."category_id" AS category_id,
  s0."list_price" AS list_price
FROM core.stage_product AS s0
WHERE s0.reject_reason IS NULL;
INSERT INTO core.quarantine
SELECT 'product', 'products', s0.reject_reason, CAST(to_json(s0) AS VARCHAR)
FROM core.stage_product AS s0 WHERE s0.reject_reason IS NOT NULL;

-- order_line from order_lines
DROP TABLE IF EXISTS core.stage_order_line;
CREATE TABLE core.stage_order_line AS
SELECT s.*, CASE
  WHEN s."order_id" IS NULL THEN 'order_id is missing'
  WHEN s."line_no" IS NULL THEN 'line_no is missing'
  WHEN row_number() OVER (PARTITION BY s."order_id", s."line_no" ORDER BY s."order_id", s."line_no") > 1 THEN 'repeats the key order_id, line_no'
  WHEN s."order_id" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM core."order" AS p WHERE p.order_id = s."order_id") THEN 'order_id has no row in order'
  WHEN s."product_id" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM core.product AS p WHERE p.product_id = s."product_id") THEN 'product_id has no row in product'
END AS reject_reason
FROM source."order_lines" AS s;
INSERT INTO core.order_line (order_id, line_no, product_id, quantity, unit_price)
SELECT
  s0."order_id" AS order_id,
  s0."line_no" AS line_no,
  s0."product_id" AS product_id,
  s0."quantity" AS quantity,
  s0."unit_price" AS unit_price
FROM core.stage_order_line AS s0
WHERE s0.reject_reason IS NULL;
INSERT INTO core.quarantine
SELECT 'order_line', 'order_lines', s0.reject_reason, CAST(to_json(s0) AS VARCHAR)
FROM core.stage_order_line AS s0 WHERE s0.reject_reason IS NOT NULL;

-- fresh statistics, else the next joins are planned blindly
ANALYZE core.category;
ANALYZE core.customer;
ANALYZE core.employee;
ANALYZE core."order";
ANALYZE core.payment;
ANALYZE core.product;
ANALYZE core.order_line;
ANALYZE core.stage_category;
ANALYZE core.stage_customer;
ANALYZE core.stage_employee;
ANALYZE core.stage_order;
ANALYZE core.stage_payment;
ANALYZE core.stage_product;
ANALYZE core.stage_order_line;
