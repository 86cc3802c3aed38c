-- Module switches.
-- pool: default
-- order: MODULE_ID
SELECT module_id AS MODULE_ID,
       module_description AS MODULE_DESCRIPTION,
       module_enabled AS MODULE_ENABLED,
       module_params AS MODULE_PARAMS
FROM ly_modules
