-- Groups of conditions.
-- pool: default
-- order: CDN_ID, CDN_GROUP
SELECT cdn_id AS CDN_ID,
       cdn_group AS CDN_GROUP,
       cdn_label AS CDN_LABEL,
       cdn_logical AS CDN_LOGICAL
FROM ly_cdn_grp
