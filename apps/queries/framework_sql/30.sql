-- Parameters of the tasks of actions, in the language :LNG_ID.
-- What one leaves open comes from the dictionary entry of its name.
-- pool: default
-- order: ACT_ID, EVT_ID, MAP_ID
SELECT p.act_id AS ACT_ID,
       p.evt_id AS EVT_ID,
       p.map_id AS MAP_ID,
       p.map_type AS MAP_TYPE,
       p.map_dir AS MAP_DIR,
       p.map_var AS MAP_VAR,
       coalesce(p.map_label, l.lng_label, d.dd_label) AS MAP_LABEL,
       coalesce(p.map_var_type, d.dd_type) AS MAP_VAR_TYPE,
       p.map_value AS MAP_VALUE,
       coalesce(p.map_rules, d.dd_rules) AS MAP_RULES,
       coalesce(p.map_rules_values, d.dd_rules_values) AS MAP_RULES_VALUES,
       coalesce(p.map_default, d.dd_default) AS MAP_DEFAULT
FROM ly_act_tasks_params p
LEFT JOIN ly_dictionary d ON d.dd_id = p.map_var
LEFT JOIN ly_dictionary_l l ON l.dd_id = p.map_var AND l.lng_id = :LNG_ID
