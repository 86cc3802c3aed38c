-- Applications for the sign-in page. The client needs a positive page size and row ceiling.
-- pool: default
-- order: APPS_ID
SELECT apps_id AS APPS_ID,
       apps_name AS APPS_NAME,
       apps_description AS APPS_DESCRIPTION,
       apps_pool AS APPS_POOL,
       CASE WHEN apps_offset > 0 THEN apps_offset ELSE 1000 END AS APPS_OFFSET,
       CASE WHEN apps_limit > 0 THEN apps_limit ELSE 10000 END AS APPS_LIMIT,
       apps_version AS APPS_VERSION,
       apps_dashboard AS APPS_DASHBOARD,
       apps_theme AS APPS_THEME
FROM ly_applications
