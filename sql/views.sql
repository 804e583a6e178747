-- Views over a folder of published months, for DuckDB (the command line, Python, or any other of its clients).
--
--   duckdb -cmd "SET VARIABLE snapshots = '/data/snapshots'" -init sql/views.sql        or, in Python:
--   con = duckdb.connect(); con.execute("SET VARIABLE snapshots = '/data/snapshots'"); con.execute(open('sql/views.sql').read())
--
-- The variable names the folder of the snapshots, or its address (s3://, az://). Without it, that is `snapshots` in the current folder. It belongs to a
-- session: set it again where views are kept in a database file.
-- The first six views show the published tables with all their months; a month that is published later appears at once. The other views are
-- built on them. Amounts are US dollars. README.md beside this file describes each column.

SET VARIABLE snapshots = coalesce(getvariable('snapshots'), 'snapshots');

-- The published tables, all months. score_month is the month of a row; files are found by their path, which no query needs to name.
CREATE OR REPLACE VIEW scores AS
SELECT * FROM read_parquet(getvariable('snapshots') || '/scores/month=*/part-0.parquet', hive_partitioning = false);

CREATE OR REPLACE VIEW metrics AS
SELECT * FROM read_parquet(getvariable('snapshots') || '/metrics/month=*/part-0.parquet', hive_partitioning = false);

CREATE OR REPLACE VIEW customers AS
SELECT * FROM read_parquet(getvariable('snapshots') || '/customers/month=*/part-0.parquet', hive_partitioning = false);

CREATE OR REPLACE VIEW services AS
SELECT * FROM read_parquet(getvariable('snapshots') || '/services/month=*/part-0.parquet', hive_partitioning = false);

CREATE OR REPLACE VIEW certifications AS
SELECT * FROM read_parquet(getvariable('snapshots') || '/certifications/month=*/part-0.parquet', hive_partitioning = false);

CREATE OR REPLACE VIEW exclusions AS
SELECT * FROM read_parquet(getvariable('snapshots') || '/exclusions/month=*/part-0.parquet', hive_partitioning = false);

-- One row is one published month: how many partners and designations it has, and whether it may still change.
CREATE OR REPLACE VIEW published_months AS
WITH month AS (
    SELECT CAST(regexp_extract(file, 'month=(\d{4}-\d{2})', 1) || '-01' AS DATE) AS score_month
    FROM glob(getvariable('snapshots') || '/scores/month=*/part-0.parquet')
)
SELECT
    m.score_month,
    count(DISTINCT s.partner_id) AS partners,
    count(*) FILTER (WHERE s.qualifies) AS designations,
    coalesce(bool_or(s.provisional), false) AS provisional,
    min(s.rulebook) AS rulebook
FROM month AS m
LEFT JOIN scores AS s ON s.score_month = m.score_month
GROUP BY m.score_month;

-- One row is one partner × area: its score in the last month in which it has one.
CREATE OR REPLACE VIEW latest_scores AS
SELECT *
FROM scores
QUALIFY score_month = max(score_month) OVER (PARTITION BY partner_id);

-- One row is one partner × area × published month, and its change since the previous published month (NULL in the first).
-- previous_month is not always one calendar month earlier: months that are not published are missing here.
CREATE OR REPLACE VIEW score_history AS
SELECT
    partner_id, partner_name, solution_area, score_month, total_points, qualifies, blocking_metrics,
    lag(score_month) OVER earlier AS previous_month,
    total_points - lag(total_points) OVER earlier AS change,
    net_customer_adds_points - lag(net_customer_adds_points) OVER earlier AS net_customer_adds_change,
    intermediate_certifications_points - lag(intermediate_certifications_points) OVER earlier AS intermediate_certifications_change,
    advanced_certifications_points - lag(advanced_certifications_points) OVER earlier AS advanced_certifications_change,
    usage_growth_points - lag(usage_growth_points) OVER earlier AS usage_growth_change,
    deployments_points - lag(deployments_points) OVER earlier AS deployments_change
FROM scores
WINDOW earlier AS (PARTITION BY partner_id, solution_area ORDER BY score_month);

-- One row is one partner × area that qualifies in the latest published month and may stop to: it has less than ten points to spare, lost points since the
-- published month before, or counts on people whose certifications end within half a year of the month's last day.
CREATE OR REPLACE VIEW partners_at_risk AS
WITH ending AS (
    SELECT score_month, partner_id, solution_area, count(DISTINCT person_id) AS people, min(expires) AS first_expiry
    FROM certifications
    WHERE counted AND expires <= last_day(score_month + INTERVAL 6 MONTH)
    GROUP BY score_month, partner_id, solution_area
)
SELECT
    h.score_month, h.partner_id, h.partner_name, h.solution_area, h.total_points,
    CAST(h.total_points - 70 AS DECIMAL(6, 2)) AS points_to_spare,
    h.change,
    coalesce(e.people, 0) AS people_ending,
    e.first_expiry
FROM score_history AS h
LEFT JOIN ending AS e ON e.score_month = h.score_month AND e.partner_id = h.partner_id AND e.solution_area = h.solution_area
WHERE h.qualifies AND h.score_month = (SELECT max(score_month) FROM published_months)
    AND (h.total_points < 80 OR h.change < 0 OR e.people > 0);

-- One row is one partner × area whose points or designation changed between the two latest published months, also one that has a score in one of them
-- only.
CREATE OR REPLACE VIEW changes_since_last_month AS
WITH latest AS (
    SELECT max(score_month) AS score_month FROM published_months
),
last_two AS (
    SELECT l.score_month, max(p.score_month) AS previous_month
    FROM latest AS l
    LEFT JOIN published_months AS p ON p.score_month < l.score_month
    GROUP BY l.score_month
),
after AS (SELECT s.* FROM scores AS s JOIN last_two AS m ON s.score_month = m.score_month),
before AS (SELECT s.* FROM scores AS s JOIN last_two AS m ON s.score_month = m.previous_month)
SELECT
    m.score_month, m.previous_month,
    coalesce(a.partner_id, b.partner_id) AS partner_id,
    coalesce(a.partner_name, b.partner_name) AS partner_name,
    coalesce(a.solution_area, b.solution_area) AS solution_area,
    b.total_points AS previous_points,
    a.total_points,
    CAST(a.total_points - b.total_points AS DECIMAL(7, 2)) AS change,
    CASE
        WHEN coalesce(a.qualifies, false) AND NOT coalesce(b.qualifies, false) THEN 'gained'
        WHEN coalesce(b.qualifies, false) AND NOT coalesce(a.qualifies, false) THEN 'lost'
        WHEN a.qualifies THEN 'kept'
        ELSE 'none'
    END AS designation,
    a.blocking_metrics
FROM after AS a
FULL JOIN before AS b ON b.partner_id = a.partner_id AND b.solution_area = a.solution_area
CROSS JOIN last_two AS m
WHERE m.previous_month IS NOT NULL
    AND (a.total_points IS DISTINCT FROM b.total_points OR a.qualifies IS DISTINCT FROM b.qualifies);

-- One row is one metric worth 0, which blocks a designation, with the sentence that says why.
CREATE OR REPLACE VIEW blocking AS
SELECT
    s.score_month, s.partner_id, s.partner_name, s.solution_area, s.total_points, m.metric, m.max_points, m.status, m.reason
FROM scores AS s
JOIN metrics AS m ON m.score_month = s.score_month AND m.partner_id = s.partner_id AND m.solution_area = s.solution_area
WHERE list_contains(string_split(s.blocking_metrics, ','), m.metric);

-- One row is one score that does not qualify and is at most ten points away, or has the points but is blocked.
CREATE OR REPLACE VIEW near_designations AS
SELECT score_month, partner_id, partner_name, solution_area, total_points, points_to_designation, blocking_metrics
FROM scores
WHERE NOT qualifies AND points_to_designation <= 10;

-- One row is one customer that is not eligible and is at most a fifth below the threshold in the better of its last two months.
CREATE OR REPLACE VIEW near_misses AS
SELECT
    score_month, partner_id, customer_tenant_id, customer_name,
    greatest(acr_current, acr_previous) AS best_month_usd, shortfall_usd, movement
FROM customers
WHERE NOT eligible AND shortfall_usd * 4 <= greatest(acr_current, acr_previous);

-- One row is one partner × month: customers gained, lost and kept, and their consumption.
CREATE OR REPLACE VIEW customer_movement AS
SELECT
    score_month, partner_id,
    count(*) FILTER (WHERE eligible) AS eligible,
    count(*) FILTER (WHERE eligible_baseline) AS eligible_baseline,
    count(*) FILTER (WHERE movement = 'gained') AS gained,
    count(*) FILTER (WHERE movement = 'lost') AS lost,
    count(*) FILTER (WHERE movement = 'kept') AS kept,
    CAST(sum(acr_current) AS DECIMAL(18, 6)) AS acr_current,
    CAST(sum(acr_baseline) AS DECIMAL(18, 6)) AS acr_baseline,
    CAST(sum(acr_ttm) AS DECIMAL(18, 6)) AS acr_ttm
FROM customers
GROUP BY score_month, partner_id;

-- One row is one service of a partner × month that is used but does not count, with the reason.
CREATE OR REPLACE VIEW uncounted_services AS
SELECT score_month, partner_id, service_level_2, acr_ttm, customers, reason
FROM services
WHERE NOT counted;

-- One row is one step of a certifications metric for which somebody has a certification: how many people count, and how many would if their
-- certifications were valid. A step for which nobody has a certification has no row. A step with one person depends on that person.
CREATE OR REPLACE VIEW skilling_steps AS
SELECT
    score_month, partner_id, solution_area, metric, step,
    count(DISTINCT person_id) FILTER (WHERE counted) AS people,
    count(DISTINCT person_id) AS people_with_any,
    min(expires) FILTER (WHERE counted) AS first_expiry
FROM certifications
GROUP BY score_month, partner_id, solution_area, metric, step;

-- One row is one certifications metric whose required certifications are not met, with the sentence that says what is missing.
CREATE OR REPLACE VIEW skilling_gaps AS
SELECT score_month, partner_id, solution_area, metric, CAST(measure AS INTEGER) AS people_of_the_list, points, max_points, reason
FROM metrics
WHERE status = 'gate_unmet';

-- One row is one holding that counts and ends within half a year of the month's last day.
CREATE OR REPLACE VIEW expiring_certifications AS
SELECT DISTINCT score_month, partner_id, person_id, certification, expires
FROM certifications
WHERE counted AND expires <= last_day(score_month + INTERVAL 6 MONTH);

-- One row is one partner × area × published month: may the partner enrol, because it qualified in this month or one of the five before?
-- qualified_months, unpublished_months: among these six. open_until: first day of the last month in which it may enrol; NULL when it may not.
-- state: open; closed; unknown when no published month qualified but some of the six are not published.
CREATE OR REPLACE VIEW qualification_window AS
WITH published AS (
    SELECT a.score_month, count(*) AS months
    FROM published_months AS a
    JOIN published_months AS b ON b.score_month BETWEEN a.score_month - INTERVAL 5 MONTH AND a.score_month
    GROUP BY a.score_month
),
seen AS (
    SELECT
        score_month, partner_id, partner_name, solution_area, total_points, qualifies,
        count(*) FILTER (WHERE qualifies) OVER six_months AS qualified_months,
        max(score_month) FILTER (WHERE qualifies) OVER six_months AS last_qualified
    FROM scores
    WINDOW six_months AS (
        PARTITION BY partner_id, solution_area ORDER BY score_month RANGE BETWEEN INTERVAL 5 MONTH PRECEDING AND CURRENT ROW)
)
SELECT
    s.score_month, s.partner_id, s.partner_name, s.solution_area, s.total_points, s.qualifies,
    CASE WHEN s.qualified_months > 0 THEN 'open' WHEN p.months < 6 THEN 'unknown' ELSE 'closed' END AS state,
    s.qualified_months,
    6 - p.months AS unpublished_months,
    s.last_qualified,
    CAST(s.last_qualified + INTERVAL 5 MONTH AS DATE) AS open_until
FROM seen AS s
JOIN published AS p ON p.score_month = s.score_month;

-- One row is one reason for which rows of the fourteen usage months of a score did not count, over all partners.
CREATE OR REPLACE VIEW exclusions_summary AS
SELECT
    score_month, class, reason,
    CAST(sum(rows) AS BIGINT) AS rows,
    CAST(sum(acr_usd) AS DECIMAL(18, 6)) AS acr_usd,
    count(DISTINCT usage_month) AS usage_months
FROM exclusions
GROUP BY score_month, class, reason;
