-- Fields of dialog forms, in the language :LNG_ID.
-- What a field leaves open comes from its dictionary entry.
-- pool: default
-- order: FRM_ID, TAB_SEQ, COL_SEQ, COL_ID
SELECT :LNG_ID AS LNG_ID,
       c.frm_id AS FRM_ID,
       c.tab_id AS TAB_ID,
       {concat t.frm_id | '-tab-id-' | coalesce(t.tab_seq, t.tab_id)} AS TAB_SEQ,
       c.col_id AS COL_ID,
       c.col_seq AS COL_SEQ,
       c.col_colspan AS COL_COLSPAN,
       c.col_component AS COL_COMPONENT,
       c.col_component_id AS COL_COMPONENT_ID,
       c.col_dd_id AS COL_DD_ID,
       coalesce(
           l.lng_label, d.dd_label, c.col_label, c.col_dd_id, {concat c.col_component_id | ''}
       ) AS COL_LABEL,
       c.col_target AS COL_TARGET,
       coalesce(d.dd_type, c.col_type, 'text') AS COL_TYPE,
       coalesce(c.col_rules, d.dd_rules) AS COL_RULES,
       coalesce(c.col_rules_values, d.dd_rules_values) AS COL_RULES_VALUES,
       coalesce(c.col_default, d.dd_default) AS COL_DEFAULT,
       c.col_visible AS COL_VISIBLE,
       c.col_disabled AS COL_DISABLED,
       c.col_required AS COL_REQUIRED,
       c.col_key AS COL_KEY,
       c.col_cdn_id AS COL_CDN_ID,
       {dynamic ly_dlg_filters: frm_id = c.frm_id, col_id = c.col_id} AS DYNAMIC_PARAMS,
       {fixed ly_dlg_filters: frm_id = c.frm_id, col_id = c.col_id} AS FIXED_PARAMS,
       {pool ly_dlg_filters: frm_id = c.frm_id, col_id = c.col_id} AS POOL_PARAMS,
       {output ly_dlg_filters: frm_id = c.frm_id, col_id = c.col_id} AS OUTPUT_PARAMS,
       {dynamic ly_dlg_col_cdn: frm_id = c.frm_id, col_id = c.col_id} AS CDN_DYNAMIC_PARAMS,
       {fixed ly_dlg_col_cdn: frm_id = c.frm_id, col_id = c.col_id} AS CDN_FIXED_PARAMS
FROM ly_dlg_col c
LEFT JOIN ly_dlg_tab t ON t.frm_id = c.frm_id AND t.tab_id = c.tab_id
LEFT JOIN ly_dictionary d ON d.dd_id = c.col_dd_id
LEFT JOIN ly_dictionary_l l ON l.dd_id = c.col_dd_id AND l.lng_id = :LNG_ID
