-- categories: 5 rows (255 B) are compared whole in well under a second
DROP TABLE IF EXISTS landing."stage_categories";
CREATE TABLE landing."stage_categories" AS
SELECT x.*, CASE WHEN x."category_id" IS NULL THEN 'category_id is missing' WHEN row_number() OVER (PARTITION BY x."category_id" ORDER BY x.row_hash, x.row_occurrence) > 1 THEN 'repeats the key category_id' END AS "reject_reason"
FROM (SELECT y.*, row_number() OVER (PARTITION BY row_hash ORDER BY row_hash) AS row_occurrence FROM (
  SELECT s.*, md5(CAST(to_json(s) AS VARCHAR)) AS row_hash
  FROM source."categories" AS s) AS y) AS x;
INSERT INTO landing."categories" ("category_id", "category_name", row_hash, row_occurrence)
SELECT "category_id", "category_name", row_hash, row_occurrence FROM landing."stage_categories" WHERE "reject_reason" IS NULL
ON CONFLICT ("category_id") DO UPDATE SET "category_name" = excluded."category_name", row_hash = excluded.row_hash, row_occurrence = excluded.row_occurrence
WHERE "categories".row_hash <> excluded.row_hash;
INSERT INTO landing.quarantine
SELECT 'categories', s."reject_reason", s.row_hash, s.row_occurrence, CAST(to_json(s) AS VARCHAR)
FROM landing."stage_categories" AS s WHERE s."reject_reason" IS NOT NULL
ON CONFLICT DO NOTHING;
INSERT INTO landing.watermark
SELECT 'categories', CAST(NULL AS TIMESTAMP), count(*) FROM landing."stage_categories"
ON CONFLICT (table_name) DO UPDATE SET high_water = coalesce(excluded.high_water, watermark.high_water), rows_read = excluded.rows_read;

-- customers: 50 rows (3.2 kB) are compared whole in well under a second
DROP TABLE IF EXISTS landing."stage_customers";
CREATE TABLE landing."stage_customers" AS
SELECT x.*, CASE WHEN x."customer_id" IS NULL THEN 'customer_id is missing' WHEN row_number() OVER (PARTITION BY x."customer_id" ORDER BY x.row_hash, x.row_occurrence) > 1 THEN 'repeats the key customer_id' END AS "reject_reason"
FROM (SELECT y.*, row_number() OVER (PARTITION BY row_hash ORDER BY row_hash) AS row_occurrence FROM (
  SELECT s.*, md5(CAST(to_json(s) AS VARCHAR)) AS row_hash
  FROM source."customers" AS s) AS y) AS x;
INSERT INTO landing."customers" ("customer_id", "customer_name", "city", "signup_date", row_hash, row_occurrence)
SELECT "customer_id", "customer_name", "city", "signup_date", row_hash, row_occurrence FROM landing."stage_customers" WHERE "reject_reason" IS NULL
ON CONFLICT ("customer_id") DO UPDATE SET "customer_name" = excluded."customer_name", "city" = excluded."city", "signup_date" = excluded."signup_date", row_hash = excluded.row_hash, row_occurrence = excluded.row_occurrence
WHERE "customers".row_hash <> excluded.row_hash;
INSERT INTO landing.quarantine
SELECT 'customers', s."reject_reason", s.row_hash, s.row_occurrence, CAST(to_json(s) AS VARCHAR)
FROM landing."stage_customers" AS s WHERE s."reject_reason" IS NOT NULL
ON CONFLICT DO NOTHING;
INSERT INTO landing.watermark
SELECT 'customers', CAST(NULL AS TIMESTAMP), count(*) FROM landing."stage_customers"
ON CONFLICT (table_name) DO UPDATE SET high_water = coalesce(excluded.high_water, watermark.high_water), rows_read = excluded.rows_read;

-- employees: 9 rows (513 B) are compared whole in well under a second
DROP TABLE IF EXISTS landing."stage_employees";
CREATE TABLE landing."stage_employees" AS
SELECT x.*, CASE WHEN x."employee_id" IS NULL THEN 'employee_id is missing' WHEN row_number() OVER (PARTITION BY x."employee_id" ORDER BY x.row_hash, x.row_occurrence) > 1 THEN 'repeats the key employee_id' END AS "reject_reason"
FROM (SELECT y.*, row_number() OVER (PARTITION BY row_hash ORDER BY row_hash) AS row_occurrence FROM (
  SELECT s.*, md5(CAST(to_json(s) AS VARCHAR)) AS row_hash
  FROM source."employees" AS s) AS y) AS x;
INSERT INTO landing."employees" ("employee_id", "last_name", "reports_to", "hire_date", row_hash, row_occurrence)
SELECT "employee_id", "last_name", "reports_to", "hire_date", row_hash, row_occurrence FROM landing."stage_employees" WHERE "reject_reason" IS NULL
ON CONFLICT ("employee_id") DO UPDATE SET "last_name" = excluded."last_name", "reports_to" = excluded."reports_to", "hire_date" = excluded."hire_date", row_hash = excluded.row_hash, row_occurrence = excluded.row_occurrence
WHERE "employees".row_hash <> excluded.row_hash;
INSERT INTO landing.quarantine
SELECT 'employees', s."reject_reason", s.row_hash, s.row_occurrence, CAST(to_json(s) AS VARCHAR)
FROM landing."stage_employees" AS s WHERE s."reject_reason" IS NOT NULL
ON CONFLICT DO NOTHING;
INSERT INTO landing.watermark
SELECT 'employees', CAST(NULL AS TIMESTAMP), count(*) FROM landing."stage_employees"
ON CONFLICT (table_name) DO UPDATE SET high_water = coalesce(excluded.high_water, watermark.high_water), rows_read = excluded.rows_read;

-- orders: 120 rows (8.6 kB) are compared whole in well under a second
DROP TABLE IF EXISTS landing."stage_orders";
CREATE TABLE landing."stage_orders" AS
SELECT x.*, CASE WHEN x."order_id" IS NULL THEN 'order_id is missing' WHEN row_number() OVER (PARTITION BY x."order_id" ORDER BY x.row_hash, x.row_occurrence) > 1 THEN 'repeats the key order_id' END AS "reject_reason"
FROM (SELECT y.*, row_number() OVER (PARTITION BY row_hash ORDER BY row_hash) AS row_occurrence FROM (
  SELECT s.*, md5(CAST(to_json(s) AS VARCHAR)) AS row_hash
  FROM source."orders" AS s) AS y) AS x;
INSERT INTO landing."orders" ("order_id", "customer_id", "employee_id", "ordered_on", "freight", "status", row_hash, row_occurrence)
SELECT "order_id", "customer_id", "employee_id", "ordered_on", "freight", "status", row_hash, row_occurrence FROM landing."stage_orders" WHERE "reject_reason" IS NULL
ON CONFLICT ("order_id") DO UPDATE SET "customer_id" = excluded."customer_id", "employee_id" = excluded."employee_id", "ordered_on" = excluded."ordered_on", "freight" = excluded."freight", "status" = excluded."status", row_hash = excluded.row_hash, row_occurrence = excluded.row_occurrence
WHERE "orders".row_hash <> excluded.row_hash;
INSERT INTO landing.quarantine
SELECT 'orders', s."reject_reason", s.row_hash, s.row_occurrence, CAST(to_json(s) AS VARCHAR)
FROM landing."stage_orders" AS s WHERE s."reject_reason" IS NOT NULL
ON CONFLICT DO NOTHING;
INSERT INTO landing.watermark
SELECT 'orders', CAST(NULL AS TIMESTAMP), count(*) FROM landing."stage_orders"
ON CONFLICT (table_name) DO UPDATE SET high_water = coalesce(excluded.high_water, watermark.high_water), rows_read = excluded.rows_read;

-- payments: 121 rows (6.8 kB) are compared whole in well under a second
DROP TABLE IF EXISTS landing."stage_payments";
CREATE TABLE landing."stage_payments" AS
SELECT x.*, CASE WHEN x."payment_id" IS NULL THEN 'payment_id is missing' WHEN row_number() OVER (PARTITION BY x."payment_id" ORDER BY x.row_hash, x.row_occurrence) > 1 THEN 'repeats the key payment_id' END AS "reject_reason"
FROM (SELECT y.*, row_number() OVER (PARTITION BY row_hash ORDER BY row_hash) AS row_occurrence FROM (
  SELECT s.*, md5(CAST(to_json(s) AS VARCHAR)) AS row_hash
  FROM source."payments" AS s) AS y) AS x;
INSERT INTO landing."payments" ("payment_id", "order_id", "paid_on", "amount", row_hash, row_occurrence)
SELECT "payment_id", "order_id", "paid_on", "amount", row_hash, row_occurrence FROM landing."stage_payments" WHERE "reject_reason" IS NULL
ON CONFLICT ("payment_id") DO UPDATE SET "order_id" = excluded."order_id", "paid_on" = excluded."paid_on", "amount" = excluded."amount", row_hash = excluded.row_hash, row_occurrence = excluded.row_occurrence
WHERE "payments".row_hash <> excluded.row_hash;
INSERT INTO landing.quarantine
SELECT 'payments', s."reject_reason", s.row_hash, s.row_occurrence, CAST(to_json(s) AS VARCHAR)
FROM landing."stage_payments" AS s WHERE s."reject_reason" IS NOT NULL
ON CONFLICT DO NOTHING;
INSERT INTO landing.watermark
SELECT 'payments', CAST(NULL AS TIMESTAMP), count(*) FROM landing."stage_payments"
ON CONFLICT (table_name) DO UPDATE SET high_water = coalesce(excluded.high_water, watermark.high_water), rows_read = excluded.rows_read;

-- products: 40 rows (2.6 kB) are compared whole in well under a second
DROP TABLE IF EXISTS landing."stage_products";
CREATE TABLE landing."stage_products" AS
SELECT x.*, CASE WHEN x."product_id" IS NULL THEN 'product_id is missing' WHEN row_number() OVER (PARTITION BY x."product_id" ORDER BY x.row_hash, x.row_occurrence) > 1 THEN 'repeats the key product_id' END AS "reject_reason"
FROM (SELECT y.*, row_number() OVER (PARTITION BY row_hash ORDER BY row_hash) AS row_occurrence FROM (
  SELECT s.*, md5(CAST(to_json(s) AS VARCHAR)) AS row_hash
  FROM source."products" AS s) AS y) AS x;
INSERT INTO landing."products" ("product_id", "product_name", "category_id", "list_price", row_hash, row_occurrence)
SELECT "product_id", "product_name", "category_id", "list_price", row_hash, row_occurrence FROM landing."stage_products" WHERE "reject_reason" IS NULL
ON CONFLICT ("product_id") DO UPDATE SET "product_name" = excluded."product_name", "category_id" = excluded."category_id", "list_price" = excluded."list_price", row_hash = excluded.row_hash, row_occurrence = excluded.row_occurrence
WHERE "products".row_hash <> excluded.row_hash;
INSERT INTO landing.quarantine
SELECT 'products', s."reject_reason", s.row_hash, s.row_occurrence, CAST(to_json(s) AS VARCHAR)
FROM landing."stage_products" AS s WHERE s."reject_reason" IS NOT NULL
ON CONFLICT DO NOTHING;
INSERT INTO landing.watermark
SELECT 'products', CAST(NULL AS TIMESTAMP), count(*) FROM landing."stage_products"
ON CONFLICT (table_name) DO UPDATE SET high_water = coalesce(excluded.high_water, watermark.high_water), rows_read = excluded.rows_read;

-- order_lines: 360 rows (24.5 kB) are compared whole in well under a second
DROP TABLE IF EXISTS landing."stage_order_lines";
CREATE TABLE landing."stage_order_lines" AS
SELECT x.*, CASE WHEN x."order_id" IS NULL THEN 'order_id is missing' WHEN x."line_no" IS NULL THEN 'line_no is missing' WHEN row_number() OVER (PARTITION BY x."order_id", x."line_no" ORDER BY x.row_hash, x.row_occurrence) > 1 THEN 'repeats the key order_id, line_no' END AS "reject_reason"
FROM (SELECT y.*, row_number() OVER (PARTITION BY row_hash ORDER BY row_hash) AS row_occurrence FROM (
  SELECT s.*, md5(CAST(to_json(s) AS VARCHAR)) AS row_hash
  FROM source."order_lines" AS s) AS y) AS x;
INSERT INTO landing."order_lines" ("order_id", "line_no", "product_id", "quantity", "unit_price", row_hash, row_occurrence)
SELECT "order_id", "line_no", "product_id", "quantity", "unit_price", row_hash, row_occurrence FROM landing."stage_order_lines" WHERE "reject_reason" IS NULL
ON CONFLICT ("order_id", "line_no") DO UPDATE SET "product_id" = excluded."product_id", "quantity" = excluded."quantity", "unit_price" = excluded."unit_price", row_hash = excluded.row_hash, row_occurrence = excluded.row_occurrence
WHERE "order_lines".row_hash <> excluded.row_hash;
INSERT INTO landing.quarantine
SELECT 'order_lines', s."reject_reason", s.row_hash, s.row_occurrence, CAST(to_json(s) AS VARCHAR)
FROM landing."stage_order_lines" AS s WHERE s."reject_reason" IS NOT NULL
ON CONFLICT DO NOTHING;
INSERT INTO landing.watermark
SELECT 'order_lines', CAST(NULL AS TIMESTAMP), count(*) FROM landing."stage_order_lines"
ON CONFLICT (table_name) DO UPDATE SET high_water = coalesce(excluded.high_water, watermark.high_water), rows_read = excluded.rows_read;
