CREATE SCHEMA IF NOT EXISTS mart;

CREATE TABLE IF NOT EXISTS mart.quarantine (entity text NOT NULL, source_table text NOT NULL, reason text NOT NULL, row_data text NOT NULL);

-- dim_date: one row per day
CREATE TABLE IF NOT EXISTS mart.dim_date (
  dim_date_key bigint NOT NULL,  -- yyyymmdd; -1 stands for unknown
  date_day date,
  year bigint,
  quarter bigint,
  month bigint,
  day_of_month bigint,
  iso_weekday bigint,
  is_weekend boolean,
  PRIMARY KEY (dim_date_key),
  UNIQUE (date_day)
);

-- dim_product: one row per product and version
CREATE TABLE IF NOT EXISTS mart.dim_product (
  dim_product_key bigint NOT NULL,  -- -1 stands for unknown
  product_id bigint,  -- products.product_id
  product_name text,  -- products.product_name
  category_id bigint,  -- products.category_id
  list_price double precision,  -- products.list_price
  category_name text,  -- categories.category_name
  valid_from date NOT NULL,
  valid_to date NOT NULL,
  is_current boolean NOT NULL,
  PRIMARY KEY (dim_product_key),
  UNIQUE (product_id, valid_from)
);

-- dim_customer: one row per customer and version
CREATE TABLE IF NOT EXISTS mart.dim_customer (
  dim_customer_key bigint NOT NULL,  -- -1 stands for unknown
  customer_id bigint,  -- customers.customer_id
  customer_name text,  -- customers.customer_name
  city text,  -- customers.city
  signup_date date,  -- customers.signup_date
  valid_from date NOT NULL,
  valid_to date NOT NULL,
  is_current boolean NOT NULL,
  PRIMARY KEY (dim_customer_key),
  UNIQUE (customer_id, valid_from)
);

-- dim_employee: one row per employee
CREATE TABLE IF NOT EXISTS mart.dim_employee (
  dim_employee_key bigint NOT NULL,  -- -1 stands for unknown
  employee_id bigint,  -- employees.employee_id
  last_name text,  -- employees.last_name
  reports_to bigint,  -- employees.reports_to
  hire_date date,  -- employees.hire_date
  PRIMARY KEY (dim_employee_key),
  UNIQUE (employee_id)
);

-- fact_payment: one row per payment: its payment_id
CREATE TABLE IF NOT EXISTS mart.fact_payment (
  payment_id bigint NOT NULL,  -- payments.payment_id
  order_id bigint,  -- payments.order_id
  customer_key bigint NOT NULL,  -- orders.customer_id
  employee_key bigint NOT NULL,  -- orders.employee_id
  paid_date_key bigint NOT NULL,  -- payments.paid_on
  amount double precision,  -- payments.amount; additive
  PRIMARY KEY (payment_id),
  FOREIGN KEY (customer_key) REFERENCES mart.dim_customer (dim_customer_key),
  FOREIGN KEY (employee_key) REFERENCES mart.dim_employee (dim_employee_key),
  FOREIGN KEY (paid_date_key) REFERENCES mart.dim_date (dim_date_key)
);

-- fact_order_line: one row per order line: its order_id, line_no
CREATE TABLE IF NOT EXISTS mart.fact_order_line (
  order_id bigint NOT NULL,  -- order_lines.order_id
  line_no bigint NOT NULL,  -- order_lines.line_no
  product_key bigint NOT NULL,  -- order_lines.product_id
  customer_key bigint NOT NULL,  -- orders.customer_id
  employee_key bigint NOT NULL,  -- orders.employee_id
  ordered_date_key bigint NOT NULL,  -- orders.ordered_on
  quantity bigint,  -- order_lines.quantity; additive
  unit_price bigint,  -- order_lines.unit_price; non-additive
  freight_allocated double precision,  -- orders.freight; additive
  status text,  -- orders.status
  PRIMARY KEY (order_id, line_no),
  FOREIGN KEY (product_key) REFERENCES mart.dim_product (dim_product_key),
  FOREIGN KEY (customer_key) REFERENCES mart.dim_customer (dim_customer_key),
  FOREIGN KEY (employee_key) REFERENCES mart.dim_employee (dim_employee_key),
  FOREIGN KEY (ordered_date_key) REFERENCES mart.dim_date (dim_date_key)
);
