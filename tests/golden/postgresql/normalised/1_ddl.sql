CREATE SCHEMA IF NOT EXISTS core;

CREATE TABLE IF NOT EXISTS core.quarantine (entity text NOT NULL, source_table text NOT NULL, reason text NOT NULL, row_data text NOT NULL);

-- category: one row per category_id of categories
CREATE TABLE IF NOT EXISTS core.category (
  category_id bigint NOT NULL,  -- categories.category_id
  category_name text,  -- categories.category_name
  PRIMARY KEY (category_id)
);

-- customer: one row per customer_id of customers
CREATE TABLE IF NOT EXISTS core.customer (
  customer_id bigint NOT NULL,  -- customers.customer_id
  customer_name text,  -- customers.customer_name
  city text,  -- customers.city
  signup_date date,  -- customers.signup_date
  PRIMARY KEY (customer_id)
);

-- employee: one row per employee_id of employees
CREATE TABLE IF NOT EXISTS core.employee (
  employee_id bigint NOT NULL,  -- employees.employee_id
  last_name text,  -- employees.last_name
  reports_to bigint,  -- employees.reports_to
  hire_date date,  -- employees.hire_date
  PRIMARY KEY (employee_id),
  FOREIGN KEY (reports_to) REFERENCES core.employee (employee_id)
);

-- order: one row per order_id of orders
CREATE TABLE IF NOT EXISTS core."order" (
  order_id bigint NOT NULL,  -- orders.order_id
  customer_id bigint,  -- orders.customer_id
  employee_id bigint,  -- orders.employee_id
  ordered_on date,  -- orders.ordered_on
  freight bigint,  -- orders.freight
  status text,  -- orders.status
  PRIMARY KEY (order_id),
  FOREIGN KEY (customer_id) REFERENCES core.customer (customer_id),
  FOREIGN KEY (employee_id) REFERENCES core.employee (employee_id)
);

-- payment: one row per payment_id of payments
CREATE TABLE IF NOT EXISTS core.payment (
  payment_id bigint NOT NULL,  -- payments.payment_id
  order_id bigint,  -- payments.order_id
  paid_on date,  -- payments.paid_on
  amount double precision,  -- payments.amount
  PRIMARY KEY (payment_id),
  FOREIGN KEY (order_id) REFERENCES core."order" (order_id)
);

-- product: one row per product_id of products
CREATE TABLE IF NOT EXISTS core.product (
  product_id bigint NOT NULL,  -- products.product_id
  product_name text,  -- products.product_name
  category_id bigint,  -- products.category_id
  list_price double precision,  -- products.list_price
  PRIMARY KEY (product_id),
  FOREIGN KEY (category_id) REFERENCES core.category (category_id)
);

-- order_line: one row per order_id, line_no of order_lines
CREATE TABLE IF NOT EXISTS core.order_line (
  order_id bigint NOT NULL,  -- order_lines.order_id
  line_no bigint NOT NULL,  -- order_lines.line_no
  product_id bigint,  -- order_lines.product_id
  quantity bigint,  -- order_lines.quantity
  unit_price bigint,  -- order_lines.unit_price
  PRIMARY KEY (order_id, line_no),
  FOREIGN KEY (order_id) REFERENCES core."order" (order_id),
  FOREIGN KEY (product_id) REFERENCES core.product (product_id)
);
