-- a load adds what is new: running it twice changes nothing

DELETE FROM graph.quarantine;

-- node from employees
INSERT INTO graph.node (node_id, kind, label)
SELECT
  x.node_id,
  x.kind,
  x.label
FROM (
  SELECT DISTINCT
    'employee:' || CAST(s0."employee_id" AS VARCHAR) AS node_id,
    'employee' AS kind,
    max(CAST(s0."last_name" AS VARCHAR)) OVER (PARTITION BY s0."employee_id") AS label
  FROM source."employees" AS s0 WHERE s0."employee_id" IS NOT NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM graph.node AS t WHERE t.node_id = x.node_id);

-- edge from employees
INSERT INTO graph.edge (from_node, to_node, kind, is_tree)
SELECT
  x.from_node,
  x.to_node,
  x.kind,
  x.is_tree
FROM (
  SELECT DISTINCT
    'employee:' || CAST(s1."employee_id" AS VARCHAR) AS from_node,
    'employee:' || CAST(s0."employee_id" AS VARCHAR) AS to_node,
    'employee_of_reports_to' AS kind,
    TRUE AS is_tree
  FROM source."employees" AS s0 JOIN source."employees" AS s1 ON s1."employee_id" = s0."reports_to" WHERE s0."employee_id" IS NOT NULL AND s0."reports_to" IS NOT NULL
) AS x
WHERE NOT EXISTS (SELECT 1 FROM graph.edge AS t WHERE t.from_node = x.from_node AND t.to_node = x.to_node AND t.kind = x.kind);

-- fresh statistics, else the next joins are planned blindly
ANALYZE graph.node;
ANALYZE graph.edge;
