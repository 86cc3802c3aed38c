-- How to connect to the pool :APPS_POOL.
-- pool: default
-- order: APPS_ID
SELECT apps_id AS APPS_ID,
       apps_name AS APPS_NAME,
       apps_description AS APPS_DESCRIPTION,
       apps_pool AS APPS_POOL,
       apps_pool_min AS APPS_POOL_MIN,
       apps_pool_max AS APPS_POOL_MAX,
       apps_dbtype AS APPS_DBTYPE,
       apps_jdbc AS APPS_JDBC,
       apps_user AS APPS_USER,
       apps_password AS APPS_PASSWORD,
       apps_host AS APPS_HOST,
       apps_port AS APPS_PORT,
       apps_database AS APPS_DATABASE,
       apps_offset AS APPS_OFFSET,
       apps_limit AS APPS_LIMIT,
       apps_replace_null AS APPS_REPLACE_NULL
FROM ly_applications
WHERE apps_pool = :APPS_POOL
