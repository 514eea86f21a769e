-- made again at each run
DROP VIEW IF EXISTS graph.below;
DROP VIEW IF EXISTS graph.near;
CREATE VIEW graph.below AS
WITH RECURSIVE walk(root, node_id, depth) AS (
  SELECT e.from_node, e.to_node, 1 FROM graph.edge AS e WHERE e.is_tree AND e.from_node <> e.to_node
  UNION
  SELECT w.root, e.to_node, w.depth + 1
  FROM walk AS w JOIN graph.edge AS e ON e.from_node = w.node_id AND e.is_tree
  WHERE w.depth < 32 AND e.to_node <> w.root
)
SELECT root, node_id, min(depth) AS depth FROM walk GROUP BY root, node_id;
CREATE VIEW graph.near AS
WITH RECURSIVE both_ways AS (
  SELECT from_node AS a, to_node AS b FROM graph.edge UNION SELECT to_node, from_node FROM graph.edge
), start AS (
  SELECT a AS node_id FROM both_ways GROUP BY a ORDER BY count(*) DESC, a LIMIT 1
), walk(node_id, hops) AS (
  SELECT node_id, 0 FROM start
  UNION
  SELECT e.b, w.hops + 1 FROM walk AS w JOIN both_ways AS e ON e.a = w.node_id WHERE w.hops < 4
)
SELECT node_id, min(hops) AS hops FROM walk GROUP BY node_id;
SELECT 'below a root, at depth ' || depth AS reached, count(*) AS nodes FROM graph.below GROUP BY depth
UNION ALL
SELECT 'around the best connected node, hops ' || hops, count(*) FROM graph.near GROUP BY hops
ORDER BY 1;
