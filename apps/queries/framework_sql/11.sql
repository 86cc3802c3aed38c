-- Headers of dialog forms.
-- pool: default
-- order: FRM_ID
SELECT f.frm_id AS FRM_ID,
       f.frm_label AS FRM_LABEL,
       (
           SELECT coalesce(max(CASE WHEN s.query_dbtype = 'generic' THEN s.query_pool END), max(s.query_pool))
           FROM ly_qry_sql s
           WHERE s.query_id = f.frm_query_id AND s.query_crud = 'GET'
       ) AS QUERY_POOL,
       f.frm_query_id AS FRM_QUERY_ID
FROM ly_dlg_frm f
