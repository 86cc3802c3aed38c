-- Colours of themes.
-- pool: default
-- order: THM_NAME, TCL_KEY
SELECT t.thm_name AS THM_NAME,
       c.tcl_key AS TCL_KEY,
       c.tcl_light AS TCL_LIGHT,
       c.tcl_dark AS TCL_DARK
FROM ly_themes t
JOIN ly_thm_colors c ON c.thm_id = t.thm_id
