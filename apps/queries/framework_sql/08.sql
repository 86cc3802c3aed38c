-- Headers of tables (grids), with the names of their key columns.
-- pool: default
-- order: TBL_ID
SELECT t.tbl_id AS TBL_ID,
       t.tbl_db_name AS TBL_DB_NAME,
       t.tbl_label AS TBL_LABEL,
       t.tbl_query_id AS TBL_QUERY_ID,
       (
           SELECT coalesce(max(CASE WHEN s.query_dbtype = 'generic' THEN s.query_pool END), max(s.query_pool))
           FROM ly_qry_sql s
           WHERE s.query_id = t.tbl_query_id AND s.query_crud = 'GET'
       ) AS QUERY_POOL,
       t.tbl_editable AS TBL_EDITABLE,
       t.tbl_uploadable AS TBL_UPLOADABLE,
       t.tbl_audit AS TBL_AUDIT,
       t.tbl_burst AS TBL_BURST,
       t.tbl_workbook AS TBL_WORKBOOK,
       t.tbl_sheet AS TBL_SHEET,
       t.tbl_ctx_id AS TBL_CTX_ID,
       t.tbl_tree_id AS TBL_TREE_ID,
       t.tbl_frm_id AS TBL_FRM_ID,
       coalesce(f.frm_label, t.tbl_label) AS FRM_LABEL,
       {joined coalesce(k.col_target, k.col_dd_id) | k.col_seq, k.col_id
           | ly_tbl_col k WHERE k.tbl_id = t.tbl_id AND k.col_key = 'Y'} AS TBL_KEY,
       t.tbl_auto_load AS TBL_AUTO_LOAD
FROM ly_tables t
LEFT JOIN ly_dlg_frm f ON f.frm_id = t.tbl_frm_id
