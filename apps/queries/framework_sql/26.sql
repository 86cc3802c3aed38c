-- Parameters of conditions.
-- pool: default
SELECT cdn_id AS CDN_ID,
       cdn_dd_id AS CDN_DD_ID,
       cdn_operator AS CDN_OPERATOR,
       cdn_value AS CDN_VALUE,
       cdn_enum_id AS CDN_ENUM_ID,
       cdn_lookup_id AS CDN_LOOKUP_ID,
       cdn_logical AS CDN_LOGICAL,
       cdn_group AS CDN_GROUP,
       cdn_type AS CDN_TYPE,
       cdn_params_id AS CDN_PARAMS_ID,
       cdn_grp_label AS CDN_GRP_LABEL
FROM ly_cdn_params
ORDER BY cdn_id, cdn_seq, cdn_params_id
