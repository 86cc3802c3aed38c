-- Values of enumerations, in the language :LNG_ID.
-- pool: default
-- order: ENUM_ID, VAL_ENUM
SELECT :LNG_ID AS LNG_ID,
       v.enum_id AS ENUM_ID,
       v.val_enum AS VAL_ENUM,
       coalesce(l.lng_label, v.val_label) AS VAL_LABEL
FROM ly_enum_val v
LEFT JOIN ly_enum_val_l l ON l.enum_id = v.enum_id AND l.val_enum = v.val_enum AND l.lng_id = :LNG_ID
