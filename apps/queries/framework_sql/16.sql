-- Headers of lookups.
-- pool: default
-- order: LKP_ID
SELECT lkp_id AS LKP_ID,
       lkp_query_id AS LKP_QUERY_ID,
       lkp_display_add AS LKP_DISPLAY_ADD,
       lkp_frm_id AS LKP_FRM_ID,
       lkp_dd_id AS LKP_DD_ID,
       lkp_dd_label AS LKP_DD_LABEL,
       lkp_dd_group AS LKP_DD_GROUP,
       lkp_display_search AS LKP_DISPLAY_SEARCH,
       lkp_tbl_id AS LKP_TBL_ID
FROM ly_lookup
