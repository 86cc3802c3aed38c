-- Entries of context menus, in the language :LNG_ID.
-- pool: default
-- order: CTX_ID, VAL_SEQ, VAL_ID
SELECT :LNG_ID AS LNG_ID,
       v.ctx_id AS CTX_ID,
       v.val_id AS VAL_ID,
       v.val_seq AS VAL_SEQ,
       coalesce(l.lng_label, v.val_label) AS VAL_LABEL,
       v.val_component AS VAL_COMPONENT,
       v.val_component_id AS VAL_COMPONENT_ID,
       {dynamic ly_ctx_filters: ctx_id = v.ctx_id, val_id = v.val_id} AS DYNAMIC_PARAMS,
       {fixed ly_ctx_filters: ctx_id = v.ctx_id, val_id = v.val_id} AS FIXED_PARAMS,
       {pool ly_ctx_filters: ctx_id = v.ctx_id, val_id = v.val_id} AS POOL_PARAMS
FROM ly_ctx_val v
LEFT JOIN ly_ctx_val_l l ON l.ctx_id = v.ctx_id AND l.val_id = v.val_id AND l.lng_id = :LNG_ID
