CREATE SCHEMA IF NOT EXISTS wide_column;

-- one row of categories by category_id
CREATE OR REPLACE VIEW wide_column."categories_by_category_id" AS
SELECT "category_id" AS "category_id", CAST("category_name" AS VARCHAR) AS "category_name" FROM source."categories" WHERE "category_id" IS NOT NULL;

-- one row of customers by customer_id
CREATE OR REPLACE VIEW wide_column."customers_by_customer_id" AS
SELECT "customer_id" AS "customer_id", CAST("customer_name" AS VARCHAR) AS "customer_name", CAST("city" AS VARCHAR) AS "city", "signup_date" AS "signup_date" FROM source."customers" WHERE "customer_id" IS NOT NULL;

-- one row of employees by employee_id
CREATE OR REPLACE VIEW wide_column."employees_by_employee_id" AS
SELECT "employee_id" AS "employee_id", CAST("last_name" AS VARCHAR) AS "last_name", "reports_to" AS "reports_to", "hire_date" AS "hire_date" FROM source."employees" WHERE "employee_id" IS NOT NULL;

-- the rows of order_lines of one orders (order_id)
CREATE OR REPLACE VIEW wide_column."order_lines_by_order_id" AS
SELECT "order_id" AS "order_id", "line_no" AS "line_no", "product_id" AS "product_id", "quantity" AS "quantity", "unit_price" AS "unit_price" FROM source."order_lines" WHERE "order_id" IS NOT NULL;

-- the rows of order_lines of one products (product_id)
CREATE OR REPLACE VIEW wide_column."order_lines_by_product_id" AS
SELECT "order_id" AS "order_id", "line_no" AS "line_no", "product_id" AS "product_id", "quantity" AS "quantity", "unit_price" AS "unit_price" FROM source."order_lines" WHERE "product_id" IS NOT NULL;

-- one row of orders by order_id
CREATE OR REPLACE VIEW wide_column."orders_by_order_id" AS
SELECT "order_id" AS "order_id", "customer_id" AS "customer_id", "employee_id" AS "employee_id", "ordered_on" AS "ordered_on", "freight" AS "freight", CAST("status" AS VARCHAR) AS "status" FROM source."orders" WHERE "order_id" IS NOT NULL;

-- the rows of orders of one customers (customer_id), newest first by ordered_on
CREATE OR REPLACE VIEW wide_column."orders_by_customer_id" AS
SELECT "order_id" AS "order_id", "customer_id" AS "customer_id", "employee_id" AS "employee_id", "ordered_on" AS "ordered_on", "freight" AS "freight", CAST("status" AS VARCHAR) AS "status" FROM source."orders" WHERE "customer_id" IS NOT NULL AND "ordered_on" IS NOT NULL;

-- the rows of orders of one employees (employee_id), newest first by ordered_on
CREATE OR REPLACE VIEW wide_column."orders_by_employee_id" AS
SELECT "order_id" AS "order_id", "customer_id" AS "customer_id", "employee_id" AS "employee_id", "ordered_on" AS "ordered_on", "freight" AS "freight", CAST("status" AS VARCHAR) AS "status" FROM source."orders" WHERE "employee_id" IS NOT NULL AND "ordered_on" IS NOT NULL;

-- the rows of payments of one orders (order_id), newest first by paid_on
CREATE OR REPLACE VIEW wide_column."payments_by_order_id" AS
SELECT "payment_id" AS "payment_id", "order_id" AS "order_id", "paid_on" AS "paid_on", "amount" AS "amount", CAST(row_number() OVER () AS VARCHAR) AS row_id FROM source."payments" WHERE "order_id" IS NOT NULL AND "paid_on" IS NOT NULL;

-- one row of products by product_id
CREATE OR REPLACE VIEW wide_column."products_by_product_id" AS
SELECT "product_id" AS "product_id", CAST("product_name" AS VARCHAR) AS "product_name", "category_id" AS "category_id", "list_price" AS "list_price" FROM source."products" WHERE "product_id" IS NOT NULL;

-- the rows of products of one categories (category_id)
CREATE OR REPLACE VIEW wide_column."products_by_category_id" AS
SELECT "product_id" AS "product_id", CAST("product_name" AS VARCHAR) AS "product_name", "category_id" AS "category_id", "list_price" AS "list_price" FROM source."products" WHERE "category_id" IS NOT NULL;
