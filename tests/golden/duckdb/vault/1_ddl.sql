CREATE SCHEMA IF NOT EXISTS vault;

CREATE TABLE IF NOT EXISTS vault.quarantine (entity VARCHAR NOT NULL, source_table VARCHAR NOT NULL, reason VARCHAR NOT NULL, row_data VARCHAR NOT NULL);

-- hub_category: one row per category_id of categories, wherever it is named
CREATE TABLE IF NOT EXISTS vault.hub_category (
  category_hk VARCHAR NOT NULL,  -- categories.category_id
  category_id BIGINT NOT NULL,  -- categories.category_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  PRIMARY KEY (category_hk),
  UNIQUE (category_id)
);

-- hub_customer: one row per customer_id of customers, wherever it is named
CREATE TABLE IF NOT EXISTS vault.hub_customer (
  customer_hk VARCHAR NOT NULL,  -- customers.customer_id
  customer_id BIGINT NOT NULL,  -- customers.customer_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  PRIMARY KEY (customer_hk),
  UNIQUE (customer_id)
);

-- hub_employee: one row per employee_id of employees, wherever it is named
CREATE TABLE IF NOT EXISTS vault.hub_employee (
  employee_hk VARCHAR NOT NULL,  -- employees.employee_id
  employee_id BIGINT NOT NULL,  -- employees.employee_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  PRIMARY KEY (employee_hk),
  UNIQUE (employee_id)
);

-- hub_order: one row per order_id of orders, wherever it is named
CREATE TABLE IF NOT EXISTS vault.hub_order (
  order_hk VARCHAR NOT NULL,  -- orders.order_id
  order_id BIGINT NOT NULL,  -- orders.order_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  PRIMARY KEY (order_hk),
  UNIQUE (order_id)
);

-- hub_payment: one row per payment_id of payments, wherever it is named
CREATE TABLE IF NOT EXISTS vault.hub_payment (
  payment_hk VARCHAR NOT NULL,  -- payments.payment_id
  payment_id BIGINT NOT NULL,  -- payments.payment_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  PRIMARY KEY (payment_hk),
  UNIQUE (payment_id)
);

-- hub_product: one row per product_id of products, wherever it is named
CREATE TABLE IF NOT EXISTS vault.hub_product (
  product_hk VARCHAR NOT NULL,  -- products.product_id
  product_id BIGINT NOT NULL,  -- products.product_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  PRIMARY KEY (product_hk),
  UNIQUE (product_id)
);

-- link_employee_reports_to: one row per employee with reports to
CREATE TABLE IF NOT EXISTS vault.link_employee_reports_to (
  employee_reports_to_hk VARCHAR NOT NULL,  -- employees.employee_id employees.reports_to
  employee_hk VARCHAR,  -- employees.employee_id
  reports_to_hk VARCHAR,  -- employees.reports_to
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  PRIMARY KEY (employee_reports_to_hk),
  FOREIGN KEY (employee_hk) REFERENCES vault.hub_employee (employee_hk),
  FOREIGN KEY (reports_to_hk) REFERENCES vault.hub_employee (employee_hk)
);

-- link_order_line: one row per order with product, by line_no
CREATE TABLE IF NOT EXISTS vault.link_order_line (
  order_line_hk VARCHAR NOT NULL,  -- order_lines.order_id order_lines.product_id
  order_hk VARCHAR,  -- order_lines.order_id
  product_hk VARCHAR,  -- order_lines.product_id
  line_no BIGINT,  -- order_lines.line_no
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  PRIMARY KEY (order_line_hk),
  FOREIGN KEY (order_hk) REFERENCES vault.hub_order (order_hk),
  FOREIGN KEY (product_hk) REFERENCES vault.hub_product (product_hk)
);

-- link_order_customer: one row per order with customer
CREATE TABLE IF NOT EXISTS vault.link_order_customer (
  order_customer_hk VARCHAR NOT NULL,  -- orders.order_id orders.customer_id
  order_hk VARCHAR,  -- orders.order_id
  customer_hk VARCHAR,  -- orders.customer_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  PRIMARY KEY (order_customer_hk),
  FOREIGN KEY (order_hk) REFERENCES vault.hub_order (order_hk),
  FOREIGN KEY (customer_hk) REFERENCES vault.hub_customer (customer_hk)
);

-- link_order_employee: one row per order with employee
CREATE TABLE IF NOT EXISTS vault.link_order_employee (
  order_employee_hk VARCHAR NOT NULL,  -- orders.order_id orders.employee_id
  order_hk VARCHAR,  -- orders.order_id
  employee_hk VARCHAR,  -- orders.employee_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  PRIMARY KEY (order_employee_hk),
  FOREIGN KEY (order_hk) REFERENCES vault.hub_order (order_hk),
  FOREIGN KEY (employee_hk) REFERENCES vault.hub_employee (employee_hk)
);

-- link_payment_order: one row per payment with order
CREATE TABLE IF NOT EXISTS vault.link_payment_order (
  payment_order_hk VARCHAR NOT NULL,  -- payments.payment_id payments.order_id
  payment_hk VARCHAR,  -- payments.payment_id
  order_hk VARCHAR,  -- payments.order_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  PRIMARY KEY (payment_order_hk),
  FOREIGN KEY (payment_hk) REFERENCES vault.hub_payment (payment_hk),
  FOREIGN KEY (order_hk) REFERENCES vault.hub_order (order_hk)
);

-- link_product_category: one row per product with category
CREATE TABLE IF NOT EXISTS vault.link_product_category (
  product_category_hk VARCHAR NOT NULL,  -- products.product_id products.category_id
  product_hk VARCHAR,  -- products.product_id
  category_hk VARCHAR,  -- products.category_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  PRIMARY KEY (product_category_hk),
  FOREIGN KEY (product_hk) REFERENCES vault.hub_product (product_hk),
  FOREIGN KEY (category_hk) REFERENCES vault.hub_category (category_hk)
);

-- sat_category_state: one row per change of category: what changes about it
CREATE TABLE IF NOT EXISTS vault.sat_category_state (
  category_hk VARCHAR NOT NULL,  -- categories.category_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  hash_diff VARCHAR NOT NULL,  -- changes when any attribute below changes
  category_name VARCHAR,  -- categories.category_name
  PRIMARY KEY (category_hk, load_date),
  FOREIGN KEY (category_hk) REFERENCES vault.hub_category (category_hk)
);

-- sat_customer: one row per change of customer: what describes it
CREATE TABLE IF NOT EXISTS vault.sat_customer (
  customer_hk VARCHAR NOT NULL,  -- customers.customer_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  hash_diff VARCHAR NOT NULL,  -- changes when any attribute below changes
  signup_date DATE,  -- customers.signup_date
  PRIMARY KEY (customer_hk, load_date),
  FOREIGN KEY (customer_hk) REFERENCES vault.hub_customer (customer_hk)
);

-- sat_customer_personal: one row per change of customer: what is personal: erased and granted apart
CREATE TABLE IF NOT EXISTS vault.sat_customer_personal (
  customer_hk VARCHAR NOT NULL,  -- customers.customer_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  hash_diff VARCHAR NOT NULL,  -- changes when any attribute below changes
  customer_name VARCHAR,  -- customers.customer_name
  city VARCHAR,  -- customers.city
  PRIMARY KEY (customer_hk, load_date),
  FOREIGN KEY (customer_hk) REFERENCES vault.hub_customer (customer_hk)
);

-- sat_employee_effectivity_reports_to: one row per change of employee: which reports_to holds since when
CREATE TABLE IF NOT EXISTS vault.sat_employee_effectivity_reports_to (
  employee_hk VARCHAR NOT NULL,  -- employees.employee_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  hash_diff VARCHAR NOT NULL,  -- changes when any attribute below changes
  employee_reports_to_hk VARCHAR,  -- employees.reports_to
  PRIMARY KEY (employee_hk, load_date),
  FOREIGN KEY (employee_hk) REFERENCES vault.hub_employee (employee_hk)
);

-- sat_employee: one row per change of employee: what describes it
CREATE TABLE IF NOT EXISTS vault.sat_employee (
  employee_hk VARCHAR NOT NULL,  -- employees.employee_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  hash_diff VARCHAR NOT NULL,  -- changes when any attribute below changes
  hire_date DATE,  -- employees.hire_date
  PRIMARY KEY (employee_hk, load_date),
  FOREIGN KEY (employee_hk) REFERENCES vault.hub_employee (employee_hk)
);

-- sat_employee_personal: one row per change of employee: what is personal: erased and granted apart
CREATE TABLE IF NOT EXISTS vault.sat_employee_personal (
  employee_hk VARCHAR NOT NULL,  -- employees.employee_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  hash_diff VARCHAR NOT NULL,  -- changes when any attribute below changes
  last_name VARCHAR,  -- employees.last_name
  PRIMARY KEY (employee_hk, load_date),
  FOREIGN KEY (employee_hk) REFERENCES vault.hub_employee (employee_hk)
);

-- sat_order_line: one row per change of order line: what describes it
CREATE TABLE IF NOT EXISTS vault.sat_order_line (
  order_line_hk VARCHAR NOT NULL,  -- order_lines.order_id order_lines.product_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  hash_diff VARCHAR NOT NULL,  -- changes when any attribute below changes
  quantity BIGINT,  -- order_lines.quantity; additive
  unit_price BIGINT,  -- order_lines.unit_price; non-additive
  PRIMARY KEY (order_line_hk, load_date),
  FOREIGN KEY (order_line_hk) REFERENCES vault.link_order_line (order_line_hk)
);

-- sat_order_effectivity_customer: one row per change of order: which customer holds since when
CREATE TABLE IF NOT EXISTS vault.sat_order_effectivity_customer (
  order_hk VARCHAR NOT NULL,  -- orders.order_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  hash_diff VARCHAR NOT NULL,  -- changes when any attribute below changes
  order_customer_hk VARCHAR,  -- orders.customer_id
  PRIMARY KEY (order_hk, load_date),
  FOREIGN KEY (order_hk) REFERENCES vault.hub_order (order_hk)
);

-- sat_order_effectivity_employee: one row per change of order: which employee holds since when
CREATE TABLE IF NOT EXISTS vault.sat_order_effectivity_employee (
  order_hk VARCHAR NOT NULL,  -- orders.order_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  hash_diff VARCHAR NOT NULL,  -- changes when any attribute below changes
  order_employee_hk VARCHAR,  -- orders.employee_id
  PRIMARY KEY (order_hk, load_date),
  FOREIGN KEY (order_hk) REFERENCES vault.hub_order (order_hk)
);

-- sat_order: one row per change of order: what describes it
CREATE TABLE IF NOT EXISTS vault.sat_order (
  order_hk VARCHAR NOT NULL,  -- orders.order_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  hash_diff VARCHAR NOT NULL,  -- changes when any attribute below changes
  ordered_on DATE,  -- orders.ordered_on
  PRIMARY KEY (order_hk, load_date),
  FOREIGN KEY (order_hk) REFERENCES vault.hub_order (order_hk)
);

-- sat_order_state: one row per change of order: what changes about it
CREATE TABLE IF NOT EXISTS vault.sat_order_state (
  order_hk VARCHAR NOT NULL,  -- orders.order_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  hash_diff VARCHAR NOT NULL,  -- changes when any attribute below changes
  freight BIGINT,  -- orders.freight; additive
  status VARCHAR,  -- orders.status
  PRIMARY KEY (order_hk, load_date),
  FOREIGN KEY (order_hk) REFERENCES vault.hub_order (order_hk)
);

-- sat_payment: one row per change of payment: what describes it
CREATE TABLE IF NOT EXISTS vault.sat_payment (
  payment_hk VARCHAR NOT NULL,  -- payments.payment_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  hash_diff VARCHAR NOT NULL,  -- changes when any attribute below changes
  paid_on DATE,  -- payments.paid_on
  amount DOUBLE,  -- payments.amount; additive
  PRIMARY KEY (payment_hk, load_date),
  FOREIGN KEY (payment_hk) REFERENCES vault.hub_payment (payment_hk)
);

-- sat_product_effectivity_category: one row per change of product: which category holds since when
CREATE TABLE IF NOT EXISTS vault.sat_product_effectivity_category (
  product_hk VARCHAR NOT NULL,  -- products.product_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  hash_diff VARCHAR NOT NULL,  -- changes when any attribute below changes
  product_category_hk VARCHAR,  -- products.category_id
  PRIMARY KEY (product_hk, load_date),
  FOREIGN KEY (product_hk) REFERENCES vault.hub_product (product_hk)
);

-- sat_product: one row per change of product: what describes it
CREATE TABLE IF NOT EXISTS vault.sat_product (
  product_hk VARCHAR NOT NULL,  -- products.product_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  hash_diff VARCHAR NOT NULL,  -- changes when any attribute below changes
  product_name VARCHAR,  -- products.product_name
  PRIMARY KEY (product_hk, load_date),
  FOREIGN KEY (product_hk) REFERENCES vault.hub_product (product_hk)
);

-- sat_product_state: one row per change of product: what changes about it
CREATE TABLE IF NOT EXISTS vault.sat_product_state (
  product_hk VARCHAR NOT NULL,  -- products.product_id
  load_date TIMESTAMP NOT NULL,  -- when this row first arrived
  record_source VARCHAR NOT NULL,  -- the table that delivered it first
  hash_diff VARCHAR NOT NULL,  -- changes when any attribute below changes
  list_price DOUBLE,  -- products.list_price; non-additive
  PRIMARY KEY (product_hk, load_date),
  FOREIGN KEY (product_hk) REFERENCES vault.hub_product (product_hk)
);
