CREATE SCHEMA IF NOT EXISTS landing;

CREATE TABLE IF NOT EXISTS landing.watermark (table_name VARCHAR PRIMARY KEY, high_water TIMESTAMP, rows_read BIGINT NOT NULL);

CREATE TABLE IF NOT EXISTS landing.quarantine (table_name VARCHAR NOT NULL, reason VARCHAR NOT NULL, row_hash VARCHAR NOT NULL, row_occurrence BIGINT NOT NULL, row_data VARCHAR NOT NULL, PRIMARY KEY (table_name, row_hash, row_occurrence));

CREATE TABLE IF NOT EXISTS landing."categories" (
  "category_id" BIGINT NOT NULL,
  "category_name" VARCHAR,
  row_hash VARCHAR NOT NULL,
  row_occurrence BIGINT NOT NULL,
  PRIMARY KEY ("category_id")
);

CREATE TABLE IF NOT EXISTS landing."customers" (
  "customer_id" BIGINT NOT NULL,
  "customer_name" VARCHAR,
  "city" VARCHAR,
  "signup_date" DATE,
  row_hash VARCHAR NOT NULL,
  row_occurrence BIGINT NOT NULL,
  PRIMARY KEY ("customer_id")
);

CREATE TABLE IF NOT EXISTS landing."employees" (
  "employee_id" BIGINT NOT NULL,
  "last_name" VARCHAR,
  "reports_to" BIGINT,
  "hire_date" DATE,
  row_hash VARCHAR NOT NULL,
  row_occurrence BIGINT NOT NULL,
  PRIMARY KEY ("employee_id")
);

CREATE TABLE IF NOT EXISTS landing."orders" (
  "order_id" BIGINT NOT NULL,
  "customer_id" BIGINT,
  "employee_id" BIGINT,
  "ordered_on" DATE,
  "freight" BIGINT,
  "status" VARCHAR,
  row_hash VARCHAR NOT NULL,
  row_occurrence BIGINT NOT NULL,
  PRIMARY KEY ("order_id")
);

CREATE TABLE IF NOT EXISTS landing."payments" (
  "payment_id" BIGINT NOT NULL,
  "order_id" BIGINT,
  "paid_on" DATE,
  "amount" DOUBLE,
  row_hash VARCHAR NOT NULL,
  row_occurrence BIGINT NOT NULL,
  PRIMARY KEY ("payment_id")
);

CREATE TABLE IF NOT EXISTS landing."products" (
  "product_id" BIGINT NOT NULL,
  "product_name" VARCHAR,
  "category_id" BIGINT,
  "list_price" DOUBLE,
  row_hash VARCHAR NOT NULL,
  row_occurrence BIGINT NOT NULL,
  PRIMARY KEY ("product_id")
);

CREATE TABLE IF NOT EXISTS landing."order_lines" (
  "order_id" BIGINT NOT NULL,
  "line_no" BIGINT NOT NULL,
  "product_id" BIGINT,
  "quantity" BIGINT,
  "unit_price" BIGINT,
  row_hash VARCHAR NOT NULL,
  row_occurrence BIGINT NOT NULL,
  PRIMARY KEY ("order_id", "line_no")
);
