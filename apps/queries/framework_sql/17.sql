-- Applications, in short.
-- pool: default
-- order: APPS_ID
SELECT apps_id AS APPS_ID,
       apps_name AS APPS_NAME,
       apps_description AS APPS_DESCRIPTION
FROM ly_applications
