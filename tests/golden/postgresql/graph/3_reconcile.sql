SELECT nr, promise, left_side, right_side, abs(left_side - right_side) <= 1e-9 * greatest(1, abs(left_side)) AS agrees
FROM (
SELECT 1 AS nr, 'node: one employee per row of employees whose ends exist' AS promise,
  (SELECT count(*) FROM (SELECT DISTINCT s0."employee_id" FROM source."employees" AS s0 WHERE s0."employee_id" IS NOT NULL) AS x) AS left_side,
  (SELECT count(*) FROM graph.node WHERE kind = 'employee') AS right_side
UNION ALL
SELECT 2 AS nr, 'edge: one employee_of_reports_to per row of employees whose ends exist' AS promise,
  (SELECT count(*) FROM (SELECT DISTINCT s0."employee_id", s0."reports_to" FROM source."employees" AS s0 WHERE s0."employee_id" IS NOT NULL AND s0."reports_to" IS NOT NULL AND EXISTS (SELECT 1 FROM source."employees" AS p WHERE p."employee_id" = s0."reports_to")) AS x) AS left_side,
  (SELECT count(*) FROM graph.edge WHERE kind = 'employee_of_reports_to') AS right_side
) AS reconciliation
ORDER BY nr;
