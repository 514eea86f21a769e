-- a load adds what is new: running it twice changes nothing

DELETE FROM vault.quarantine;

-- hub_category from categories, products
DROP TABLE IF EXISTS vault.stage_hub_category;
CREATE TABLE vault.stage_hub_category AS
SELECT s.*, CASE
  WHEN s."category_id" IS NULL THEN 'category_id is missing'
  WHEN row_number() OVER (PARTITION BY s."category_id" ORDER BY s."category_id") > 1 THEN 'repeats the key category_id'
END AS reject_reason
FROM source."categories" AS s;
INSERT INTO vault.hub_category (category_hk, category_id, load_date, record_source)
SELECT
  x.category_hk,
  x.category_id,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'categories' AS record_source
FROM (
  SELECT DISTINCT
    md5(CAST(s0."category_id" AS VARCHAR)) AS category_hk,
    s0."category_id" AS category_id
  FROM vault.stage_hub_category AS s0 WHERE s0.reject_reason IS NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.hub_category AS t WHERE t.category_hk = x.category_hk);
INSERT INTO vault.hub_category (category_hk, category_id, load_date, record_source)
SELECT
  x.category_hk,
  x.category_id,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'products' AS record_source
FROM (
  SELECT DISTINCT
    md5(CAST(s0."category_id" AS VARCHAR)) AS category_hk,
    s0."category_id" AS category_id
  FROM source."products" AS s0 WHERE s0."category_id" IS NOT NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.hub_category AS t WHERE t.category_hk = x.category_hk);
INSERT INTO vault.quarantine
SELECT 'hub_category', 'categories', s0.reject_reason, CAST(to_json(s0) AS VARCHAR)
FROM vault.stage_hub_category AS s0 WHERE s0.reject_reason IS NOT NULL;

-- hub_customer from customers, orders
DROP TABLE IF EXISTS vault.stage_hub_customer;
CREATE TABLE vault.stage_hub_customer AS
SELECT s.*, CASE
  WHEN s."customer_id" IS NULL THEN 'customer_id is missing'
  WHEN row_number() OVER (PARTITION BY s."customer_id" ORDER BY s."customer_id") > 1 THEN 'repeats the key customer_id'
END AS reject_reason
FROM source."customers" AS s;
INSERT INTO vault.hub_customer (customer_hk, customer_id, load_date, record_source)
SELECT
  x.customer_hk,
  x.customer_id,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'customers' AS record_source
FROM (
  SELECT DISTINCT
    md5(CAST(s0."customer_id" AS VARCHAR)) AS customer_hk,
    s0."customer_id" AS customer_id
  FROM vault.stage_hub_customer AS s0 WHERE s0.reject_reason IS NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.hub_customer AS t WHERE t.customer_hk = x.customer_hk);
INSERT INTO vault.hub_customer (customer_hk, customer_id, load_date, record_source)
SELECT
  x.customer_hk,
  x.customer_id,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'orders' AS record_source
FROM (
  SELECT DISTINCT
    md5(CAST(s0."customer_id" AS VARCHAR)) AS customer_hk,
    s0."customer_id" AS customer_id
  FROM source."orders" AS s0 WHERE s0."customer_id" IS NOT NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.hub_customer AS t WHERE t.customer_hk = x.customer_hk);
INSERT INTO vault.quarantine
SELECT 'hub_customer', 'customers', s0.reject_reason, CAST(to_json(s0) AS VARCHAR)
FROM vault.stage_hub_customer AS s0 WHERE s0.reject_reason IS NOT NULL;

-- hub_employee from employees, orders
DROP TABLE IF EXISTS vault.stage_hub_employee;
CREATE TABLE vault.stage_hub_employee AS
SELECT s.*, CASE
  WHEN s."employee_id" IS NULL THEN 'employee_id is missing'
  WHEN row_number() OVER (PARTITION BY s."employee_id" ORDER BY s."employee_id") > 1 THEN 'repeats the key employee_id'
END AS reject_reason
FROM source."employees" AS s;
INSERT INTO vault.hub_employee (employee_hk, employee_id, load_date, record_source)
SELECT
  x.employee_hk,
  x.employee_id,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'employees' AS record_source
FROM (
  SELECT DISTINCT
    md5(CAST(s0."employee_id" AS VARCHAR)) AS employee_hk,
    s0."employee_id" AS employee_id
  FROM vault.stage_hub_employee AS s0 WHERE s0.reject_reason IS NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.hub_employee AS t WHERE t.employee_hk = x.employee_hk);
INSERT INTO vault.hub_employee (employee_hk, employee_id, load_date, record_source)
SELECT
  x.employee_hk,
  x.employee_id,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'employees' AS record_source
FROM (
  SELECT DISTINCT
    md5(CAST(s0."reports_to" AS VARCHAR)) AS employee_hk,
    s0."reports_to" AS employee_id
  FROM source."employees" AS s0 WHERE s0."reports_to" IS NOT NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.hub_employee AS t WHERE t.employee_hk = x.employee_hk);
INSERT INTO vault.hub_employee (employee_hk, employee_id, load_date, record_source)
SELECT
  x.employee_hk,
  x.employee_id,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'orders' AS record_source
FROM (
  SELECT DISTINCT
    md5(CAST(s0."employee_id" AS VARCHAR)) AS employee_hk,
    s0."employee_id" AS employee_id
  FROM source."orders" AS s0 WHERE s0."employee_id" IS NOT NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.hub_employee AS t WHERE t.employee_hk = x.employee_hk);
INSERT INTO vault.quarantine
SELECT 'hub_employee', 'employees', s0.reject_reason, CAST(to_json(s0) AS VARCHAR)
FROM vault.stage_hub_employee AS s0 WHERE s0.reject_reason IS NOT NULL;

-- hub_order from orders, order_lines, payments
DROP TABLE IF EXISTS vault.stage_hub_order;
CREATE TABLE vault.stage_hub_order AS
SELECT s.*, CASE
  WHEN s."order_id" IS NULL THEN 'order_id is missing'
  WHEN row_number() OVER (PARTITION BY s."order_id" ORDER BY s."order_id") > 1 THEN 'repeats the key order_id'
END AS reject_reason
FROM source."orders" AS s;
INSERT INTO vault.hub_order (order_hk, order_id, load_date, record_source)
SELECT
  x.order_hk,
  x.order_id,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'orders' AS record_source
FROM (
  SELECT DISTINCT
    md5(CAST(s0."order_id" AS VARCHAR)) AS order_hk,
    s0."order_id" AS order_id
  FROM vault.stage_hub_order AS s0 WHERE s0.reject_reason IS NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.hub_order AS t WHERE t.order_hk = x.order_hk);
INSERT INTO vault.hub_order (order_hk, order_id, load_date, record_source)
SELECT
  x.order_hk,
  x.order_id,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'order_lines' AS record_source
FROM (
  SELECT DISTINCT
    md5(CAST(s0."order_id" AS VARCHAR)) AS order_hk,
    s0."order_id" AS order_id
  FROM source."order_lines" AS s0 WHERE s0."order_id" IS NOT NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.hub_order AS t WHERE t.order_hk = x.order_hk);
INSERT INTO vault.hub_order (order_hk, order_id, load_date, record_source)
SELECT
  x.order_hk,
  x.order_id,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'payments' AS record_source
FROM (
  SELECT DISTINCT
    md5(CAST(s0."order_id" AS VARCHAR)) AS order_hk,
    s0."order_id" AS order_id
  FROM source."payments" AS s0 WHERE s0."order_id" IS NOT NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.hub_order AS t WHERE t.order_hk = x.order_hk);
INSERT INTO vault.quarantine
SELECT 'hub_order', 'orders', s0.reject_reason, CAST(to_json(s0) AS VARCHAR)
FROM vault.stage_hub_order AS s0 WHERE s0.reject_reason IS NOT NULL;

-- hub_payment from payments
DROP TABLE IF EXISTS vault.stage_hub_payment;
CREATE TABLE vault.stage_hub_payment AS
SELECT s.*, CASE
  WHEN s."payment_id" IS NULL THEN 'payment_id is missing'
  WHEN row_number() OVER (PARTITION BY s."payment_id" ORDER BY CAST(to_json(s) AS VARCHAR)) > 1 THEN 'repeats the key payment_id'
END AS reject_reason
FROM source."payments" AS s;
INSERT INTO vault.hub_payment (payment_hk, payment_id, load_date, record_source)
SELECT
  x.payment_hk,
  x.payment_id,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'payments' AS record_source
FROM (
  SELECT DISTINCT
    md5(CAST(s0."payment_id" AS VARCHAR)) AS payment_hk,
    s0."payment_id" AS payment_id
  FROM vault.stage_hub_payment AS s0 WHERE s0.reject_reason IS NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.hub_payment AS t WHERE t.payment_hk = x.payment_hk);
INSERT INTO vault.quarantine
SELECT 'hub_payment', 'payments', s0.reject_reason, CAST(to_json(s0) AS VARCHAR)
FROM vault.stage_hub_payment AS s0 WHERE s0.reject_reason IS NOT NULL;

-- hub_product from products, order_lines
DROP TABLE IF EXISTS vault.stage_hub_product;
CREATE TABLE vault.stage_hub_product AS
SELECT s.*, CASE
  WHEN s."product_id" IS NULL THEN 'product_id is missing'
  WHEN row_number() OVER (PARTITION BY s."product_id" ORDER BY s."product_id") > 1 THEN 'repeats the key product_id'
END AS reject_reason
FROM source."products" AS s;
INSERT INTO vault.hub_product (product_hk, product_id, load_date, record_source)
SELECT
  x.product_hk,
  x.product_id,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'products' AS record_source
FROM (
  SELECT DISTINCT
    md5(CAST(s0."product_id" AS VARCHAR)) AS product_hk,
    s0."product_id" AS product_id
  FROM vault.stage_hub_product AS s0 WHERE s0.reject_reason IS NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.hub_product AS t WHERE t.product_hk = x.product_hk);
INSERT INTO vault.hub_product (product_hk, product_id, load_date, record_source)
SELECT
  x.product_hk,
  x.product_id,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'order_lines' AS record_source
FROM (
  SELECT DISTINCT
    md5(CAST(s0."product_id" AS VARCHAR)) AS product_hk,
    s0."product_id" AS product_id
  FROM source."order_lines" AS s0 WHERE s0."product_id" IS NOT NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.hub_product AS t WHERE t.product_hk = x.product_hk);
INSERT INTO vault.quarantine
SELECT 'hub_product', 'products', s0.reject_reason, CAST(to_json(s0) AS VARCHAR)
FROM vault.stage_hub_product AS s0 WHERE s0.reject_reason IS NOT NULL;

-- link_employee_reports_to from employees
INSERT INTO vault.link_employee_reports_to (employee_reports_to_hk, employee_hk, reports_to_hk, load_date, record_source)
SELECT
  x.employee_reports_to_hk,
  x.employee_hk,
  x.reports_to_hk,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'employees' AS record_source
FROM (
  SELECT DISTINCT
    md5(CAST(s0."employee_id" AS VARCHAR) || chr(31) || CAST(s0."reports_to" AS VARCHAR)) AS employee_reports_to_hk,
    CASE WHEN s0."employee_id" IS NOT NULL THEN md5(CAST(s0."employee_id" AS VARCHAR)) END AS employee_hk,
    CASE WHEN s0."reports_to" IS NOT NULL THEN md5(CAST(s0."reports_to" AS VARCHAR)) END AS reports_to_hk
  FROM vault.stage_hub_employee AS s0 WHERE s0.reject_reason IS NULL AND s0."reports_to" IS NOT NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.link_employee_reports_to AS t WHERE t.employee_reports_to_hk = x.employee_reports_to_hk);

-- link_order_line from order_lines
DROP TABLE IF EXISTS vault.stage_link_order_line;
CREATE TABLE vault.stage_link_order_line AS
SELECT s.*, CASE
  WHEN s."order_id" IS NULL THEN 'order_id is missing'
  WHEN s."line_no" IS NULL THEN 'line_no is missing'
  WHEN row_number() OVER (PARTITION BY s."order_id", s."line_no" ORDER BY s."order_id", s."line_no") > 1 THEN 'repeats the key order_id, line_no'
END AS reject_reason
FROM source."order_lines" AS s;
INSERT INTO vault.link_order_line (order_line_hk, order_hk, product_hk, line_no, load_date, record_source)
SELECT
  x.order_line_hk,
  x.order_hk,
  x.product_hk,
  x.line_no,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'order_lines' AS record_source
FROM (
  SELECT DISTINCT
    md5(coalesce(CAST(s0."order_id" AS VARCHAR), '') || chr(31) || coalesce(CAST(s0."line_no" AS VARCHAR), '') || chr(31) || coalesce(CAST(s0."product_id" AS VARCHAR), '')) AS order_line_hk,
    CASE WHEN s0."order_id" IS NOT NULL THEN md5(CAST(s0."order_id" AS VARCHAR)) END AS order_hk,
    CASE WHEN s0."product_id" IS NOT NULL THEN md5(CAST(s0."product_id" AS VARCHAR)) END AS product_hk,
    s0."line_no" AS line_no
  FROM vault.stage_link_order_line AS s0 WHERE s0.reject_reason IS NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.link_order_line AS t WHERE t.order_line_hk = x.order_line_hk);
INSERT INTO vault.quarantine
SELECT 'link_order_line', 'order_lines', s0.reject_reason, CAST(to_json(s0) AS VARCHAR)
FROM vault.stage_link_order_line AS s0 WHERE s0.reject_reason IS NOT NULL;

-- link_order_customer from orders
INSERT INTO vault.link_order_customer (order_customer_hk, order_hk, customer_hk, load_date, record_source)
SELECT
  x.order_customer_hk,
  x.order_hk,
  x.customer_hk,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'orders' AS record_source
FROM (
  SELECT DISTINCT
    md5(CAST(s0."order_id" AS VARCHAR) || chr(31) || CAST(s0."customer_id" AS VARCHAR)) AS order_customer_hk,
    CASE WHEN s0."order_id" IS NOT NULL THEN md5(CAST(s0."order_id" AS VARCHAR)) END AS order_hk,
    CASE WHEN s0."customer_id" IS NOT NULL THEN md5(CAST(s0."customer_id" AS VARCHAR)) END AS customer_hk
  FROM vault.stage_hub_order AS s0 WHERE s0.reject_reason IS NULL AND s0."customer_id" IS NOT NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.link_order_customer AS t WHERE t.order_customer_hk = x.order_customer_hk);

-- link_order_employee from orders
INSERT INTO vault.link_order_employee (order_employee_hk, order_hk, employee_hk, load_date, record_source)
SELECT
  x.order_employee_hk,
  x.order_hk,
  x.employee_hk,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'orders' AS record_source
FROM (
  SELECT DISTINCT
    md5(CAST(s0."order_id" AS VARCHAR) || chr(31) || CAST(s0."employee_id" AS VARCHAR)) AS order_employee_hk,
    CASE WHEN s0."order_id" IS NOT NULL THEN md5(CAST(s0."order_id" AS VARCHAR)) END AS order_hk,
    CASE WHEN s0."employee_id" IS NOT NULL THEN md5(CAST(s0."employee_id" AS VARCHAR)) END AS employee_hk
  FROM vault.stage_hub_order AS s0 WHERE s0.reject_reason IS NULL AND s0."employee_id" IS NOT NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.link_order_employee AS t WHERE t.order_employee_hk = x.order_employee_hk);

-- link_payment_order from payments
INSERT INTO vault.link_payment_order (payment_order_hk, payment_hk, order_hk, load_date, record_source)
SELECT
  x.payment_order_hk,
  x.payment_hk,
  x.order_hk,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'payments' AS record_source
FROM (
  SELECT DISTINCT
    md5(CAST(s0."payment_id" AS VARCHAR) || chr(31) || CAST(s0."order_id" AS VARCHAR)) AS payment_order_hk,
    CASE WHEN s0."payment_id" IS NOT NULL THEN md5(CAST(s0."payment_id" AS VARCHAR)) END AS payment_hk,
    CASE WHEN s0."order_id" IS NOT NULL THEN md5(CAST(s0."order_id" AS VARCHAR)) END AS order_hk
  FROM vault.stage_hub_payment AS s0 WHERE s0.reject_reason IS NULL AND s0."order_id" IS NOT NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.link_payment_order AS t WHERE t.payment_order_hk = x.payment_order_hk);

-- link_product_category from products
INSERT INTO vault.link_product_category (product_category_hk, product_hk, category_hk, load_date, record_source)
SELECT
  x.product_category_hk,
  x.product_hk,
  x.category_hk,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'products' AS record_source
FROM (
  SELECT DISTINCT
    md5(CAST(s0."product_id" AS VARCHAR) || chr(31) || CAST(s0."category_id" AS VARCHAR)) AS product_category_hk,
    CASE WHEN s0."product_id" IS NOT NULL THEN md5(CAST(s0."product_id" AS VARCHAR)) END AS product_hk,
    CASE WHEN s0."category_id" IS NOT NULL THEN md5(CAST(s0."category_id" AS VARCHAR)) END AS category_hk
  FROM vault.stage_hub_product AS s0 WHERE s0.reject_reason IS NULL AND s0."category_id" IS NOT NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.link_product_category AS t WHERE t.product_category_hk = x.product_category_hk);

-- sat_category_state from categories
INSERT INTO vault.sat_category_state (category_hk, load_date, record_source, hash_diff, category_name)
SELECT
  x.category_hk,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'categories' AS record_source,
  md5(coalesce(CAST(x.category_name AS VARCHAR), '')) AS hash_diff,
  x.category_name
FROM (
  SELECT DISTINCT
    md5(CAST(s0."category_id" AS VARCHAR)) AS category_hk,
    s0."category_name" AS category_name
  FROM vault.stage_hub_category AS s0 WHERE s0.reject_reason IS NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.sat_category_state AS t WHERE t.category_hk = x.category_hk AND t.hash_diff = md5(coalesce(CAST(x.category_name AS VARCHAR), '')) AND t.load_date = (SELECT max(n.load_date) FROM vault.sat_category_state AS n WHERE n.category_hk = x.category_hk));

-- sat_customer from customers
INSERT INTO vault.sat_customer (customer_hk, load_date, record_source, hash_diff, signup_date)
SELECT
  x.customer_hk,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'customers' AS record_source,
  md5(coalesce(CAST(x.signup_date AS VARCHAR), '')) AS hash_diff,
  x.signup_date
FROM (
  SELECT DISTINCT
    md5(CAST(s0."customer_id" AS VARCHAR)) AS customer_hk,
    s0."signup_date" AS signup_date
  FROM vault.stage_hub_customer AS s0 WHERE s0.reject_reason IS NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.sat_customer AS t WHERE t.customer_hk = x.customer_hk AND t.hash_diff = md5(coalesce(CAST(x.signup_date AS VARCHAR), '')) AND t.load_date = (SELECT max(n.load_date) FROM vault.sat_customer AS n WHERE n.customer_hk = x.customer_hk));

-- sat_customer_personal from customers
INSERT INTO vault.sat_customer_personal (customer_hk, load_date, record_source, hash_diff, customer_name, city)
SELECT
  x.customer_hk,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'customers' AS record_source,
  md5(coalesce(CAST(x.customer_name AS VARCHAR), '') || chr(31) || coalesce(CAST(x.city AS VARCHAR), '')) AS hash_diff,
  x.customer_name,
  x.city
FROM (
  SELECT DISTINCT
    md5(CAST(s0."customer_id" AS VARCHAR)) AS customer_hk,
    s0."customer_name" AS customer_name,
    s0."city" AS city
  FROM vault.stage_hub_customer AS s0 WHERE s0.reject_reason IS NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.sat_customer_personal AS t WHERE t.customer_hk = x.customer_hk AND t.hash_diff = md5(coalesce(CAST(x.customer_name AS VARCHAR), '') || chr(31) || coalesce(CAST(x.city AS VARCHAR), '')) AND t.load_date = (SELECT max(n.load_date) FROM vault.sat_customer_personal AS n WHERE n.customer_hk = x.customer_hk));

-- sat_employee_effectivity_reports_to from employees
INSERT INTO vault.sat_employee_effectivity_reports_to (employee_hk, load_date, record_source, hash_diff, employee_reports_to_hk)
SELECT
  x.employee_hk,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'employees' AS record_source,
  md5(coalesce(CAST(x.employee_reports_to_hk AS VARCHAR), '')) AS hash_diff,
  x.employee_reports_to_hk
FROM (
  SELECT DISTINCT
    md5(CAST(s0."employee_id" AS VARCHAR)) AS employee_hk,
    CASE WHEN s0."reports_to" IS NOT NULL THEN md5(CAST(s0."employee_id" AS VARCHAR) || chr(31) || CAST(s0."reports_to" AS VARCHAR)) END AS employee_reports_to_hk
  FROM vault.stage_hub_employee AS s0 WHERE s0.reject_reason IS NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.sat_employee_effectivity_reports_to AS t WHERE t.employee_hk = x.employee_hk AND t.hash_diff = md5(coalesce(CAST(x.employee_reports_to_hk AS VARCHAR), '')) AND t.load_date = (SELECT max(n.load_date) FROM vault.sat_employee_effectivity_reports_to AS n WHERE n.employee_hk = x.employee_hk));

-- sat_employee from employees
INSERT INTO vault.sat_employee (employee_hk, load_date, record_source, hash_diff, hire_date)
SELECT
  x.employee_hk,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'employees' AS record_source,
  md5(coalesce(CAST(x.hire_date AS VARCHAR), '')) AS hash_diff,
  x.hire_date
FROM (
  SELECT DISTINCT
    md5(CAST(s0."employee_id" AS VARCHAR)) AS employee_hk,
    s0."hire_date" AS hire_date
  FROM vault.stage_hub_employee AS s0 WHERE s0.reject_reason IS NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.sat_employee AS t WHERE t.employee_hk = x.employee_hk AND t.hash_diff = md5(coalesce(CAST(x.hire_date AS VARCHAR), '')) AND t.load_date = (SELECT max(n.load_date) FROM vault.sat_employee AS n WHERE n.employee_hk = x.employee_hk));

-- sat_employee_personal from employees
INSERT INTO vault.sat_employee_personal (employee_hk, load_date, record_source, hash_diff, last_name)
SELECT
  x.employee_hk,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'employees' AS record_source,
  md5(coalesce(CAST(x.last_name AS VARCHAR), '')) AS hash_diff,
  x.last_name
FROM (
  SELECT DISTINCT
    md5(CAST(s0."employee_id" AS VARCHAR)) AS employee_hk,
    s0."last_name" AS last_name
  FROM vault.stage_hub_employee AS s0 WHERE s0.reject_reason IS NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.sat_employee_personal AS t WHERE t.employee_hk = x.employee_hk AND t.hash_diff = md5(coalesce(CAST(x.last_name AS VARCHAR), '')) AND t.load_date = (SELECT max(n.load_date) FROM vault.sat_employee_personal AS n WHERE n.employee_hk = x.employee_hk));

-- sat_order_line from order_lines
INSERT INTO vault.sat_order_line (order_line_hk, load_date, record_source, hash_diff, quantity, unit_price)
SELECT
  x.order_line_hk,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'order_lines' AS record_source,
  md5(coalesce(CAST(x.quantity AS VARCHAR), '') || chr(31) || coalesce(CAST(x.unit_price AS VARCHAR), '')) AS hash_diff,
  x.quantity,
  x.unit_price
FROM (
  SELECT DISTINCT
    md5(coalesce(CAST(s0."order_id" AS VARCHAR), '') || chr(31) || coalesce(CAST(s0."line_no" AS VARCHAR), '') || chr(31) || coalesce(CAST(s0."product_id" AS VARCHAR), '')) AS order_line_hk,
    s0."quantity" AS quantity,
    s0."unit_price" AS unit_price
  FROM vault.stage_link_order_line AS s0 WHERE s0.reject_reason IS NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.sat_order_line AS t WHERE t.order_line_hk = x.order_line_hk AND t.hash_diff = md5(coalesce(CAST(x.quantity AS VARCHAR), '') || chr(31) || coalesce(CAST(x.unit_price AS VARCHAR), '')) AND t.load_date = (SELECT max(n.load_date) FROM vault.sat_order_line AS n WHERE n.order_line_hk = x.order_line_hk));

-- sat_order_effectivity_customer from orders
INSERT INTO vault.sat_order_effectivity_customer (order_hk, load_date, record_source, hash_diff, order_customer_hk)
SELECT
  x.order_hk,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'orders' AS record_source,
  md5(coalesce(CAST(x.order_customer_hk AS VARCHAR), '')) AS hash_diff,
  x.order_customer_hk
FROM (
  SELECT DISTINCT
    md5(CAST(s0."order_id" AS VARCHAR)) AS order_hk,
    CASE WHEN s0."customer_id" IS NOT NULL THEN md5(CAST(s0."order_id" AS VARCHAR) || chr(31) || CAST(s0."customer_id" AS VARCHAR)) END AS order_customer_hk
  FROM vault.stage_hub_order AS s0 WHERE s0.reject_reason IS NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.sat_order_effectivity_customer AS t WHERE t.order_hk = x.order_hk AND t.hash_diff = md5(coalesce(CAST(x.order_customer_hk AS VARCHAR), '')) AND t.load_date = (SELECT max(n.load_date) FROM vault.sat_order_effectivity_customer AS n WHERE n.order_hk = x.order_hk));

-- sat_order_effectivity_employee from orders
INSERT INTO vault.sat_order_effectivity_employee (order_hk, load_date, record_source, hash_diff, order_employee_hk)
SELECT
  x.order_hk,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'orders' AS record_source,
  md5(coalesce(CAST(x.order_employee_hk AS VARCHAR), '')) AS hash_diff,
  x.order_employee_hk
FROM (
  SELECT DISTINCT
    md5(CAST(s0."order_id" AS VARCHAR)) AS order_hk,
    CASE WHEN s0."employee_id" IS NOT NULL THEN md5(CAST(s0."order_id" AS VARCHAR) || chr(31) || CAST(s0."employee_id" AS VARCHAR)) END AS order_employee_hk
  FROM vault.stage_hub_order AS s0 WHERE s0.reject_reason IS NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.sat_order_effectivity_employee AS t WHERE t.order_hk = x.order_hk AND t.hash_diff = md5(coalesce(CAST(x.order_employee_hk AS VARCHAR), '')) AND t.load_date = (SELECT max(n.load_date) FROM vault.sat_order_effectivity_employee AS n WHERE n.order_hk = x.order_hk));

-- sat_order from orders
INSERT INTO vault.sat_order (order_hk, load_date, record_source, hash_diff, ordered_on)
SELECT
  x.order_hk,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'orders' AS record_source,
  md5(coalesce(CAST(x.ordered_on AS VARCHAR), '')) AS hash_diff,
  x.ordered_on
FROM (
  SELECT DISTINCT
    md5(CAST(s0."order_id" AS VARCHAR)) AS order_hk,
    s0."ordered_on" AS ordered_on
  FROM vault.stage_hub_order AS s0 WHERE s0.reject_reason IS NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.sat_order AS t WHERE t.order_hk = x.order_hk AND t.hash_diff = md5(coalesce(CAST(x.ordered_on AS VARCHAR), '')) AND t.load_date = (SELECT max(n.load_date) FROM vault.sat_order AS n WHERE n.order_hk = x.order_hk));

-- sat_order_state from orders
INSERT INTO vault.sat_order_state (order_hk, load_date, record_source, hash_diff, freight, status)
SELECT
  x.order_hk,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'orders' AS record_source,
  md5(coalesce(CAST(x.freight AS VARCHAR), '') || chr(31) || coalesce(CAST(x.status AS VARCHAR), '')) AS hash_diff,
  x.freight,
  x.status
FROM (
  SELECT DISTINCT
    md5(CAST(s0."order_id" AS VARCHAR)) AS order_hk,
    s0."freight" AS freight,
    s0."status" AS status
  FROM vault.stage_hub_order AS s0 WHERE s0.reject_reason IS NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.sat_order_state AS t WHERE t.order_hk = x.order_hk AND t.hash_diff = md5(coalesce(CAST(x.freight AS VARCHAR), '') || chr(31) || coalesce(CAST(x.status AS VARCHAR), '')) AND t.load_date = (SELECT max(n.load_date) FROM vault.sat_order_state AS n WHERE n.order_hk = x.order_hk));

-- sat_payment from payments
INSERT INTO vault.sat_payment (payment_hk, load_date, record_source, hash_diff, paid_on, amount)
SELECT
  x.payment_hk,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'payments' AS record_source,
  md5(coalesce(CAST(x.paid_on AS VARCHAR), '') || chr(31) || coalesce(CAST(x.amount AS VARCHAR), '')) AS hash_diff,
  x.paid_on,
  x.amount
FROM (
  SELECT DISTINCT
    md5(CAST(s0."payment_id" AS VARCHAR)) AS payment_hk,
    s0."paid_on" AS paid_on,
    s0."amount" AS amount
  FROM vault.stage_hub_payment AS s0 WHERE s0.reject_reason IS NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.sat_payment AS t WHERE t.payment_hk = x.payment_hk AND t.hash_diff = md5(coalesce(CAST(x.paid_on AS VARCHAR), '') || chr(31) || coalesce(CAST(x.amount AS VARCHAR), '')) AND t.load_date = (SELECT max(n.load_date) FROM vault.sat_payment AS n WHERE n.payment_hk = x.payment_hk));

-- sat_product_effectivity_category from products
INSERT INTO vault.sat_product_effectivity_category (product_hk, load_date, record_source, hash_diff, product_category_hk)
SELECT
  x.product_hk,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'products' AS record_source,
  md5(coalesce(CAST(x.product_category_hk AS VARCHAR), '')) AS hash_diff,
  x.product_category_hk
FROM (
  SELECT DISTINCT
    md5(CAST(s0."product_id" AS VARCHAR)) AS product_hk,
    CASE WHEN s0."category_id" IS NOT NULL THEN md5(CAST(s0."product_id" AS VARCHAR) || chr(31) || CAST(s0."category_id" AS VARCHAR)) END AS product_category_hk
  FROM vault.stage_hub_product AS s0 WHERE s0.reject_reason IS NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.sat_product_effectivity_category AS t WHERE t.product_hk = x.product_hk AND t.hash_diff = md5(coalesce(CAST(x.product_category_hk AS VARCHAR), '')) AND t.load_date = (SELECT max(n.load_date) FROM vault.sat_product_effectivity_category AS n WHERE n.product_hk = x.product_hk));

-- sat_product from products
INSERT INTO vault.sat_product (product_hk, load_date, record_source, hash_diff, product_name)
SELECT
  x.product_hk,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'products' AS record_source,
  md5(coalesce(CAST(x.product_name AS VARCHAR), '')) AS hash_diff,
  x.product_name
FROM (
  SELECT DISTINCT
    md5(CAST(s0."product_id" AS VARCHAR)) AS product_hk,
    s0."product_name" AS product_name
  FROM vault.stage_hub_product AS s0 WHERE s0.reject_reason IS NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.sat_product AS t WHERE t.product_hk = x.product_hk AND t.hash_diff = md5(coalesce(CAST(x.product_name AS VARCHAR), '')) AND t.load_date = (SELECT max(n.load_date) FROM vault.sat_product AS n WHERE n.product_hk = x.product_hk));

-- sat_product_state from products
INSERT INTO vault.sat_product_state (product_hk, load_date, record_source, hash_diff, list_price)
SELECT
  x.product_hk,
  CAST(CURRENT_TIMESTAMP AS TIMESTAMP) AS load_date,
  'products' AS record_source,
  md5(coalesce(CAST(x.list_price AS VARCHAR), '')) AS hash_diff,
  x.list_price
FROM (
  SELECT DISTINCT
    md5(CAST(s0."product_id" AS VARCHAR)) AS product_hk,
    s0."list_price" AS list_price
  FROM vault.stage_hub_product AS s0 WHERE s0.reject_reason IS NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM vault.sat_product_state AS t WHERE t.product_hk = x.product_hk AND t.hash_diff = md5(coalesce(CAST(x.list_price AS VARCHAR), '')) AND t.load_date = (SELECT max(n.load_date) FROM vault.sat_product_state AS n WHERE n.product_hk = x.product_hk));

-- fresh statistics, else the next joins are planned blindly
ANALYZE vault.hub_category;
ANALYZE vault.hub_customer;
ANALYZE vault.hub_employee;
ANALYZE vault.hub_order;
ANALYZE vault.hub_payment;
ANALYZE vault.hub_product;
ANALYZE vault.link_employee_reports_to;
ANALYZE vault.link_order_line;
ANALYZE vault.link_order_customer;
ANALYZE vault.link_order_employee;
ANALYZE vault.link_payment_order;
ANALYZE vault.link_product_category;
ANALYZE vault.sat_category_state;
ANALYZE vault.sat_customer;
ANALYZE vault.sat_customer_personal;
ANALYZE vault.sat_employee_effectivity_reports_to;
ANALYZE vault.sat_employee;
ANALYZE vault.sat_employee_personal;
ANALYZE vault.sat_order_line;
ANALYZE vault.sat_order_effectivity_customer;
ANALYZE vault.sat_order_effectivity_employee;
ANALYZE vault.sat_order;
ANALYZE vault.sat_order_state;
ANALYZE vault.sat_payment;
ANALYZE vault.sat_product_effectivity_category;
ANALYZE vault.sat_product;
ANALYZE vault.sat_product_state;
ANALYZE vault.stage_hub_category;
ANALYZE vault.stage_hub_customer;
ANALYZE vault.stage_hub_employee;
ANALYZE vault.stage_hub_order;
ANALYZE vault.stage_hub_payment;
ANALYZE vault.stage_hub_product;
ANALYZE vault.stage_link_order_line;
