CREATE SCHEMA IF NOT EXISTS graph;

CREATE TABLE IF NOT EXISTS graph.quarantine (entity VARCHAR NOT NULL, source_table VARCHAR NOT NULL, reason VARCHAR NOT NULL, row_data VARCHAR NOT NULL);

-- node: one row per employee
CREATE TABLE IF NOT EXISTS graph.node (
  node_id VARCHAR NOT NULL,  -- employees.employee_id
  kind VARCHAR NOT NULL,  -- which table the node comes from
  label VARCHAR,  -- employees.last_name
  PRIMARY KEY (node_id)
);

-- edge: one row per pair and relationship
CREATE TABLE IF NOT EXISTS graph.edge (
  from_node VARCHAR NOT NULL,  -- employees.employee_id employees.reports_to
  to_node VARCHAR NOT NULL,  -- employees.employee_id employees.reports_to
  kind VARCHAR NOT NULL,  -- which relationship
  is_tree BOOLEAN NOT NULL,  -- a reference of a table to itself
  PRIMARY KEY (from_node, to_node, kind),
  FOREIGN KEY (from_node) REFERENCES graph.node (node_id),
  FOREIGN KEY (to_node) REFERENCES graph.node (node_id)
);
