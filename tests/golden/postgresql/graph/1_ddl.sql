CREATE SCHEMA IF NOT EXISTS graph;

CREATE TABLE IF NOT EXISTS graph.quarantine (entity text NOT NULL, source_table text NOT NULL, reason text NOT NULL, row_data text NOT NULL);

-- node: one row per employee
CREATE TABLE IF NOT EXISTS graph.node (
  node_id text NOT NULL,  -- employees.employee_id
  kind text NOT NULL,  -- which table the node comes from
  label text,  -- employees.last_name
  PRIMARY KEY (node_id)
);

-- edge: one row per pair and relationship
CREATE TABLE IF NOT EXISTS graph.edge (
  from_node text NOT NULL,  -- employees.employee_id employees.reports_to
  to_node text NOT NULL,  -- employees.employee_id employees.reports_to
  kind text NOT NULL,  -- which relationship
  is_tree boolean NOT NULL,  -- a reference of a table to itself
  PRIMARY KEY (from_node, to_node, kind),
  FOREIGN KEY (from_node) REFERENCES graph.node (node_id),
  FOREIGN KEY (to_node) REFERENCES graph.node (node_id)
);
