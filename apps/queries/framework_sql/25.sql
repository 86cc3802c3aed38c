-- Headers of enumerations.
-- pool: default
-- order: ENUM_ID
SELECT enum_id AS ENUM_ID,
       enum_label AS ENUM_LABEL,
       enum_display_add AS ENUM_DISPLAY_ADD
FROM ly_enum
