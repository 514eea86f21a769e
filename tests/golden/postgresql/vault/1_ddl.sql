CREATE SCHEMA IF NOT EXISTS vault;

CREATE TABLE IF NOT EXISTS vault.quarantine (entity text NOT NULL, source_table text NOT NULL, reason text NOT NULL, row_data text NOT NULL);

-- hub_category: one row per category_id of categories, wherever it is named
CREATE TABLE IF NOT EXISTS vault.hub_category (
  category_hk text NOT NULL,  -- categories.category_id
  category_id bigint NOT NULL,  -- categories.category_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  PRIMARY KEY (category_hk),
  UNIQUE (category_id)
);

-- hub_customer: one row per customer_id of customers, wherever it is named
CREATE TABLE IF NOT EXISTS vault.hub_customer (
  customer_hk text NOT NULL,  -- customers.customer_id
  customer_id bigint NOT NULL,  -- customers.customer_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  PRIMARY KEY (customer_hk),
  UNIQUE (customer_id)
);

-- hub_employee: one row per employee_id of employees, wherever it is named
CREATE TABLE IF NOT EXISTS vault.hub_employee (
  employee_hk text NOT NULL,  -- employees.employee_id
  employee_id bigint NOT NULL,  -- employees.employee_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  PRIMARY KEY (employee_hk),
  UNIQUE (employee_id)
);

-- hub_order: one row per order_id of orders, wherever it is named
CREATE TABLE IF NOT EXISTS vault.hub_order (
  order_hk text NOT NULL,  -- orders.order_id
  order_id bigint NOT NULL,  -- orders.order_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  PRIMARY KEY (order_hk),
  UNIQUE (order_id)
);

-- hub_payment: one row per payment_id of payments, wherever it is named
CREATE TABLE IF NOT EXISTS vault.hub_payment (
  payment_hk text NOT NULL,  -- payments.payment_id
  payment_id bigint NOT NULL,  -- payments.payment_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  PRIMARY KEY (payment_hk),
  UNIQUE (payment_id)
);

-- hub_product: one row per product_id of products, wherever it is named
CREATE TABLE IF NOT EXISTS vault.hub_product (
  product_hk text NOT NULL,  -- products.product_id
  product_id bigint NOT NULL,  -- products.product_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  PRIMARY KEY (product_hk),
  UNIQUE (product_id)
);

-- link_employee_reports_to: one row per employee with reports to
CREATE TABLE IF NOT EXISTS vault.link_employee_reports_to (
  employee_reports_to_hk text NOT NULL,  -- employees.employee_id employees.reports_to
  employee_hk text,  -- employees.employee_id
  reports_to_hk text,  -- employees.reports_to
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  PRIMARY KEY (employee_reports_to_hk),
  FOREIGN KEY (employee_hk) REFERENCES vault.hub_employee (employee_hk),
  FOREIGN KEY (reports_to_hk) REFERENCES vault.hub_employee (employee_hk)
);

-- link_order_line: one row per order with product, by line_no
CREATE TABLE IF NOT EXISTS vault.link_order_line (
  order_line_hk text NOT NULL,  -- order_lines.order_id order_lines.product_id
  order_hk text,  -- order_lines.order_id
  product_hk text,  -- order_lines.product_id
  line_no bigint,  -- order_lines.line_no
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  PRIMARY KEY (order_line_hk),
  FOREIGN KEY (order_hk) REFERENCES vault.hub_order (order_hk),
  FOREIGN KEY (product_hk) REFERENCES vault.hub_product (product_hk)
);

-- link_order_customer: one row per order with customer
CREATE TABLE IF NOT EXISTS vault.link_order_customer (
  order_customer_hk text NOT NULL,  -- orders.order_id orders.customer_id
  order_hk text,  -- orders.order_id
  customer_hk text,  -- orders.customer_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  PRIMARY KEY (order_customer_hk),
  FOREIGN KEY (order_hk) REFERENCES vault.hub_order (order_hk),
  FOREIGN KEY (customer_hk) REFERENCES vault.hub_customer (customer_hk)
);

-- link_order_employee: one row per order with employee
CREATE TABLE IF NOT EXISTS vault.link_order_employee (
  order_employee_hk text NOT NULL,  -- orders.order_id orders.employee_id
  order_hk text,  -- orders.order_id
  employee_hk text,  -- orders.employee_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  PRIMARY KEY (order_employee_hk),
  FOREIGN KEY (order_hk) REFERENCES vault.hub_order (order_hk),
  FOREIGN KEY (employee_hk) REFERENCES vault.hub_employee (employee_hk)
);

-- link_payment_order: one row per payment with order
CREATE TABLE IF NOT EXISTS vault.link_payment_order (
  payment_order_hk text NOT NULL,  -- payments.payment_id payments.order_id
  payment_hk text,  -- payments.payment_id
  order_hk text,  -- payments.order_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  PRIMARY KEY (payment_order_hk),
  FOREIGN KEY (payment_hk) REFERENCES vault.hub_payment (payment_hk),
  FOREIGN KEY (order_hk) REFERENCES vault.hub_order (order_hk)
);

-- link_product_category: one row per product with category
CREATE TABLE IF NOT EXISTS vault.link_product_category (
  product_category_hk text NOT NULL,  -- products.product_id products.category_id
  product_hk text,  -- products.product_id
  category_hk text,  -- products.category_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  PRIMARY KEY (product_category_hk),
  FOREIGN KEY (product_hk) REFERENCES vault.hub_product (product_hk),
  FOREIGN KEY (category_hk) REFERENCES vault.hub_category (category_hk)
);

-- sat_category_state: one row per change of category: what changes about it
CREATE TABLE IF NOT EXISTS vault.sat_category_state (
  category_hk text NOT NULL,  -- categories.category_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  hash_diff text NOT NULL,  -- changes when any attribute below changes
  category_name text,  -- categories.category_name
  PRIMARY KEY (category_hk, load_date),
  FOREIGN KEY (category_hk) REFERENCES vault.hub_category (category_hk)
);

-- sat_customer: one row per change of customer: what describes it
CREATE TABLE IF NOT EXISTS vault.sat_customer (
  customer_hk text NOT NULL,  -- customers.customer_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  hash_diff text NOT NULL,  -- changes when any attribute below changes
  signup_date date,  -- customers.signup_date
  PRIMARY KEY (customer_hk, load_date),
  FOREIGN KEY (customer_hk) REFERENCES vault.hub_customer (customer_hk)
);

-- sat_customer_personal: one row per change of customer: what is personal: erased and granted apart
CREATE TABLE IF NOT EXISTS vault.sat_customer_personal (
  customer_hk text NOT NULL,  -- customers.customer_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  hash_diff text NOT NULL,  -- changes when any attribute below changes
  customer_name text,  -- customers.customer_name
  city text,  -- customers.city
  PRIMARY KEY (customer_hk, load_date),
  FOREIGN KEY (customer_hk) REFERENCES vault.hub_customer (customer_hk)
);

-- sat_employee_effectivity_reports_to: one row per change of employee: which reports_to holds since when
CREATE TABLE IF NOT EXISTS vault.sat_employee_effectivity_reports_to (
  employee_hk text NOT NULL,  -- employees.employee_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  hash_diff text NOT NULL,  -- changes when any attribute below changes
  employee_reports_to_hk text,  -- employees.reports_to
  PRIMARY KEY (employee_hk, load_date),
  FOREIGN KEY (employee_hk) REFERENCES vault.hub_employee (employee_hk)
);

-- sat_employee: one row per change of employee: what describes it
CREATE TABLE IF NOT EXISTS vault.sat_employee (
  employee_hk text NOT NULL,  -- employees.employee_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  hash_diff text NOT NULL,  -- changes when any attribute below changes
  hire_date date,  -- employees.hire_date
  PRIMARY KEY (employee_hk, load_date),
  FOREIGN KEY (employee_hk) REFERENCES vault.hub_employee (employee_hk)
);

-- sat_employee_personal: one row per change of employee: what is personal: erased and granted apart
CREATE TABLE IF NOT EXISTS vault.sat_employee_personal (
  employee_hk text NOT NULL,  -- employees.employee_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  hash_diff text NOT NULL,  -- changes when any attribute below changes
  last_name text,  -- employees.last_name
  PRIMARY KEY (employee_hk, load_date),
  FOREIGN KEY (employee_hk) REFERENCES vault.hub_employee (employee_hk)
);

-- sat_order_line: one row per change of order line: what describes it
CREATE TABLE IF NOT EXISTS vault.sat_order_line (
  order_line_hk text NOT NULL,  -- order_lines.order_id order_lines.product_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  hash_diff text NOT NULL,  -- changes when any attribute below changes
  quantity bigint,  -- order_lines.quantity; additive
  unit_price bigint,  -- order_lines.unit_price; non-additive
  PRIMARY KEY (order_line_hk, load_date),
  FOREIGN KEY (order_line_hk) REFERENCES vault.link_order_line (order_line_hk)
);

-- sat_order_effectivity_customer: one row per change of order: which customer holds since when
CREATE TABLE IF NOT EXISTS vault.sat_order_effectivity_customer (
  order_hk text NOT NULL,  -- orders.order_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  hash_diff text NOT NULL,  -- changes when any attribute below changes
  order_customer_hk text,  -- orders.customer_id
  PRIMARY KEY (order_hk, load_date),
  FOREIGN KEY (order_hk) REFERENCES vault.hub_order (order_hk)
);

-- sat_order_effectivity_employee: one row per change of order: which employee holds since when
CREATE TABLE IF NOT EXISTS vault.sat_order_effectivity_employee (
  order_hk text NOT NULL,  -- orders.order_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  hash_diff text NOT NULL,  -- changes when any attribute below changes
  order_employee_hk text,  -- orders.employee_id
  PRIMARY KEY (order_hk, load_date),
  FOREIGN KEY (order_hk) REFERENCES vault.hub_order (order_hk)
);

-- sat_order: one row per change of order: what describes it
CREATE TABLE IF NOT EXISTS vault.sat_order (
  order_hk text NOT NULL,  -- orders.order_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  hash_diff text NOT NULL,  -- changes when any attribute below changes
  ordered_on date,  -- orders.ordered_on
  PRIMARY KEY (order_hk, load_date),
  FOREIGN KEY (order_hk) REFERENCES vault.hub_order (order_hk)
);

-- sat_order_state: one row per change of order: what changes about it
CREATE TABLE IF NOT EXISTS vault.sat_order_state (
  order_hk text NOT NULL,  -- orders.order_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  hash_diff text NOT NULL,  -- changes when any attribute below changes
  freight bigint,  -- orders.freight; additive
  status text,  -- orders.status
  PRIMARY KEY (order_hk, load_date),
  FOREIGN KEY (order_hk) REFERENCES vault.hub_order (order_hk)
);

-- sat_payment: one row per change of payment: what describes it
CREATE TABLE IF NOT EXISTS vault.sat_payment (
  payment_hk text NOT NULL,  -- payments.payment_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  hash_diff text NOT NULL,  -- changes when any attribute below changes
  paid_on date,  -- payments.paid_on
  amount double precision,  -- payments.amount; additive
  PRIMARY KEY (payment_hk, load_date),
  FOREIGN KEY (payment_hk) REFERENCES vault.hub_payment (payment_hk)
);

-- sat_product_effectivity_category: one row per change of product: which category holds since when
CREATE TABLE IF NOT EXISTS vault.sat_product_effectivity_category (
  product_hk text NOT NULL,  -- products.product_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  hash_diff text NOT NULL,  -- changes when any attribute below changes
  product_category_hk text,  -- products.category_id
  PRIMARY KEY (product_hk, load_date),
  FOREIGN KEY (product_hk) REFERENCES vault.hub_product (product_hk)
);

-- sat_product: one row per change of product: what describes it
CREATE TABLE IF NOT EXISTS vault.sat_product (
  product_hk text NOT NULL,  -- products.product_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  hash_diff text NOT NULL,  -- changes when any attribute below changes
  product_name text,  -- products.product_name
  PRIMARY KEY (product_hk, load_date),
  FOREIGN KEY (product_hk) REFERENCES vault.hub_product (product_hk)
);

-- sat_product_state: one row per change of product: what changes about it
CREATE TABLE IF NOT EXISTS vault.sat_product_state (
  product_hk text NOT NULL,  -- products.product_id
  load_date timestamp NOT NULL,  -- when this row first arrived
  record_source text NOT NULL,  -- the table that delivered it first
  hash_diff text NOT NULL,  -- changes when any attribute below changes
  list_price double precision,  -- products.list_price; non-additive
  PRIMARY KEY (product_hk, load_date),
  FOREIGN KEY (product_hk) REFERENCES vault.hub_product (product_hk)
);
