-- Languages.
-- pool: default
-- order: LNG_NAME, LNG_ID
SELECT lng_id AS LNG_ID,
       lng_name AS LNG_NAME
FROM ly_language
