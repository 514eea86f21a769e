CREATE SCHEMA IF NOT EXISTS core;

CREATE TABLE IF NOT EXISTS core.quarantine (entity VARCHAR NOT NULL, source_table VARCHAR NOT NULL, reason VARCHAR NOT NULL, row_data VARCHAR NOT NULL);

-- category: one row per category_id of categories
CREATE TABLE IF NOT EXISTS core.category (
  category_id BIGINT NOT NULL,  -- categories.category_id
  category_name VARCHAR,  -- categories.category_name
  PRIMARY KEY (category_id)
);

-- customer: one row per customer_id of customers
CREATE TABLE IF NOT EXISTS core.customer (
  customer_id BIGINT NOT NULL,  -- customers.customer_id
  customer_name VARCHAR,  -- customers.customer_name
  city VARCHAR,  -- customers.city
  signup_date DATE,  -- customers.signup_date
  PRIMARY KEY (customer_id)
);

-- employee: one row per employee_id of employees
CREATE TABLE IF NOT EXISTS core.employee (
  employee_id BIGINT NOT NULL,  -- employees.employee_id
  last_name VARCHAR,  -- employees.last_name
  reports_to BIGINT,  -- employees.reports_to
  hire_date DATE,  -- employees.hire_date
  PRIMARY KEY (employee_id)
);

-- order: one row per order_id of orders
CREATE TABLE IF NOT EXISTS core."order" (
  order_id BIGINT NOT NULL,  -- orders.order_id
  customer_id BIGINT,  -- orders.customer_id
  employee_id BIGINT,  -- orders.employee_id
  ordered_on DATE,  -- orders.ordered_on
  freight BIGINT,  -- orders.freight
  status VARCHAR,  -- orders.status
  PRIMARY KEY (order_id),
  FOREIGN KEY (customer_id) REFERENCES core.customer (customer_id),
  FOREIGN KEY (employee_id) REFERENCES core.employee (employee_id)
);

-- payment: one row per payment_id of payments
CREATE TABLE IF NOT EXISTS core.payment (
  payment_id BIGINT NOT NULL,  -- payments.payment_id
  order_id BIGINT,  -- payments.order_id
  paid_on DATE,  -- payments.paid_on
  amount DOUBLE,  -- payments.amount
  PRIMARY KEY (payment_id),
  FOREIGN KEY (order_id) REFERENCES core."order" (order_id)
);

-- product: one row per product_id of products
CREATE TABLE IF NOT EXISTS core.product (
  product_id BIGINT NOT NULL,  -- products.product_id
  product_name VARCHAR,  -- products.product_name
  category_id BIGINT,  -- products.category_id
  list_price DOUBLE,  -- products.list_price
  PRIMARY KEY (product_id),
  FOREIGN KEY (category_id) REFERENCES core.category (category_id)
);

-- order_line: one row per order_id, line_no of order_lines
CREATE TABLE IF NOT EXISTS core.order_line (
  order_id BIGINT NOT NULL,  -- order_lines.order_id
  line_no BIGINT NOT NULL,  -- order_lines.line_no
  product_id BIGINT,  -- order_lines.product_id
  quantity BIGINT,  -- order_lines.quantity
  unit_price BIGINT,  -- order_lines.unit_price
  PRIMARY KEY (order_id, line_no),
  FOREIGN KEY (order_id) REFERENCES core."order" (order_id),
  FOREIGN KEY (product_id) REFERENCES core.product (product_id)
);
