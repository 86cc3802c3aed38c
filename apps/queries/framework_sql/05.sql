-- Links of every collection, in the language :LNG_ID.
-- pool: default
-- order: LNK_ID, VAL_SEQUENCE, VAL_ID
SELECT k.lnk_id AS LNK_ID,
       k.lnk_component AS LNK_COMPONENT,
       k.lnk_component_id AS LNK_COMPONENT_ID,
       v.val_id AS VAL_ID,
       :LNG_ID AS LNG_ID,
       v.val_sequence AS VAL_SEQUENCE,
       coalesce(l.lng_label, v.val_label) AS VAL_LABEL,
       coalesce(l.lng_link, v.val_link) AS VAL_LINK
FROM ly_links k
JOIN ly_lnk_val v ON v.lnk_id = k.lnk_id
LEFT JOIN ly_lnk_val_l l ON l.lnk_id = v.lnk_id AND l.val_id = v.val_id AND l.lng_id = :LNG_ID
