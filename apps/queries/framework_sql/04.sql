-- The enabled user :USR_ID; only if an administrator where :USR_ADMIN is Y.
-- pool: SESSION
-- order: USR_ID
SELECT usr_id AS USR_ID,
       usr_password AS USR_PASSWORD,
       usr_name AS USR_NAME,
       usr_email AS USR_EMAIL,
       usr_status AS USR_STATUS,
       usr_admin AS USR_ADMIN,
       usr_language AS USR_LANGUAGE,
       usr_mode AS USR_MODE,
       usr_readonly AS USR_READONLY,
       usr_dashboard AS USR_DASHBOARD,
       usr_theme AS USR_THEME
FROM ly_users
WHERE usr_id = :USR_ID
  AND usr_status = 'Y'
  AND (usr_admin = 'Y' OR :USR_ADMIN <> 'Y')
