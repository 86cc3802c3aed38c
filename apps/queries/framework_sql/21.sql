-- Tabs of dialog forms, in the language :LNG_ID.
-- pool: default
SELECT :LNG_ID AS LNG_ID,
       t.frm_id AS FRM_ID,
       t.tab_id AS TAB_ID,
       {concat t.frm_id | '-tab-id-' | coalesce(t.tab_seq, t.tab_id)} AS TAB_SEQ,
       coalesce(l.lng_label, t.tab_label) AS TAB_LABEL,
       t.tab_cdn_id AS TAB_CDN_ID,
       t.tab_cols AS TAB_COLS,
       t.tab_disable_add AS TAB_DISABLE_ADD,
       t.tab_disable_edit AS TAB_DISABLE_EDIT,
       {dynamic ly_dlg_tab_cdn: frm_id = t.frm_id, tab_id = t.tab_id} AS DYNAMIC_PARAMS,
       {fixed ly_dlg_tab_cdn: frm_id = t.frm_id, tab_id = t.tab_id} AS FIXED_PARAMS
FROM ly_dlg_tab t
LEFT JOIN ly_dlg_tab_l l ON l.frm_id = t.frm_id AND l.tab_id = t.tab_id AND l.lng_id = :LNG_ID
ORDER BY t.frm_id, coalesce(t.tab_seq, t.tab_id), t.tab_id
