-- How to call the outbound API :API_ID; the address and the credentials of its connection come first.
-- pool: SESSION
SELECT a.api_source AS API_SOURCE,
       a.api_method AS API_METHOD,
       {concat coalesce(c.conn_url, '') | a.api_url} AS API_URL,
       coalesce(c.conn_user, a.api_user) AS API_USER,
       coalesce(c.conn_password, a.api_password) AS API_PASSWORD,
       a.api_body AS API_BODY,
       a.api_conn_id AS API_CONN_ID
FROM ly_api a
LEFT JOIN ly_api_conn c ON c.conn_id = a.api_conn_id
WHERE a.api_id = :API_ID
