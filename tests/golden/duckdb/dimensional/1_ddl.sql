CREATE SCHEMA IF NOT EXISTS mart;

CREATE TABLE IF NOT EXISTS mart.quarantine (entity VARCHAR NOT NULL, source_table VARCHAR NOT NULL, reason VARCHAR NOT NULL, row_data VARCHAR NOT NULL);

-- dim_date: one row per day
CREATE TABLE IF NOT EXISTS mart.dim_date (
  dim_date_key BIGINT NOT NULL,  -- yyyymmdd; -1 stands for unknown
  date_day DATE,
  year BIGINT,
  quarter BIGINT,
  month BIGINT,
  day_of_month BIGINT,
  iso_weekday BIGINT,
  is_weekend BOOLEAN,
  PRIMARY KEY (dim_date_key),
  UNIQUE (date_day)
);

-- dim_product: one row per product and version
CREATE TABLE IF NOT EXISTS mart.dim_product (
  dim_product_key BIGINT NOT NULL,  -- -1 stands for unknown
  product_id BIGINT,  -- products.product_id
  product_name VARCHAR,  -- products.product_name
  category_id BIGINT,  -- products.category_id
  list_price DOUBLE,  -- products.list_price
  category_name VARCHAR,  -- categories.category_name
  valid_from DATE NOT NULL,
  valid_to DATE NOT NULL,
  is_current BOOLEAN NOT NULL,
  PRIMARY KEY (dim_product_key),
  UNIQUE (product_id, valid_from)
);

-- dim_customer: one row per customer and version
CREATE TABLE IF NOT EXISTS mart.dim_customer (
  dim_customer_key BIGINT NOT NULL,  -- -1 stands for unknown
  customer_id BIGINT,  -- customers.customer_id
  customer_name VARCHAR,  -- customers.customer_name
  city VARCHAR,  -- customers.city
  signup_date DATE,  -- customers.signup_date
  valid_from DATE NOT NULL,
  valid_to DATE NOT NULL,
  is_current BOOLEAN NOT NULL,
  PRIMARY KEY (dim_customer_key),
  UNIQUE (customer_id, valid_from)
);

-- dim_employee: one row per employee
CREATE TABLE IF NOT EXISTS mart.dim_employee (
  dim_employee_key BIGINT NOT NULL,  -- -1 stands for unknown
  employee_id BIGINT,  -- employees.employee_id
  last_name VARCHAR,  -- employees.last_name
  reports_to BIGINT,  -- employees.reports_to
  hire_date DATE,  -- employees.hire_date
  PRIMARY KEY (dim_employee_key),
  UNIQUE (employee_id)
);

-- fact_payment: one row per payment: its payment_id
CREATE TABLE IF NOT EXISTS mart.fact_payment (
  payment_id BIGINT NOT NULL,  -- payments.payment_id
  order_id BIGINT,  -- payments.order_id
  customer_key BIGINT NOT NULL,  -- orders.customer_id
  employee_key BIGINT NOT NULL,  -- orders.employee_id
  paid_date_key BIGINT NOT NULL,  -- payments.paid_on
  amount DOUBLE,  -- payments.amount; additive
  PRIMARY KEY (payment_id),
  FOREIGN KEY (customer_key) REFERENCES mart.dim_customer (dim_customer_key),
  FOREIGN KEY (employee_key) REFERENCES mart.dim_employee (dim_employee_key),
  FOREIGN KEY (paid_date_key) REFERENCES mart.dim_date (dim_date_key)
);

-- fact_order_line: one row per order line: its order_id, line_no
CREATE TABLE IF NOT EXISTS mart.fact_order_line (
  order_id BIGINT NOT NULL,  -- order_lines.order_id
  line_no BIGINT NOT NULL,  -- order_lines.line_no
  product_key BIGINT NOT NULL,  -- order_lines.product_id
  customer_key BIGINT NOT NULL,  -- orders.customer_id
  employee_key BIGINT NOT NULL,  -- orders.employee_id
  ordered_date_key BIGINT NOT NULL,  -- orders.ordered_on
  quantity BIGINT,  -- order_lines.quantity; additive
  unit_price BIGINT,  -- order_lines.unit_price; non-additive
  freight_allocated DOUBLE,  -- orders.freight; additive
  status VARCHAR,  -- orders.status
  PRIMARY KEY (order_id, line_no),
  FOREIGN KEY (product_key) REFERENCES mart.dim_product (dim_product_key),
  FOREIGN KEY (customer_key) REFERENCES mart.dim_customer (dim_customer_key),
  FOREIGN KEY (employee_key) REFERENCES mart.dim_employee (dim_employee_key),
  FOREIGN KEY (ordered_date_key) REFERENCES mart.dim_date (dim_date_key)
);
