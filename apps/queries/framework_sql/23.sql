-- Parameters of actions, in the language :LNG_ID.
-- What one leaves open comes from the dictionary entry of its name.
-- pool: default
-- order: ACT_ID, MAP_VAR
SELECT p.act_id AS ACT_ID,
       p.map_var AS MAP_VAR,
       p.map_dir AS MAP_DIR,
       p.map_display AS MAP_DISPLAY,
       coalesce(p.map_default, d.dd_default) AS MAP_DEFAULT,
       coalesce(p.map_rules, d.dd_rules) AS MAP_RULES,
       coalesce(p.map_rules_values, d.dd_rules_values) AS MAP_RULES_VALUES,
       coalesce(l.lng_label, d.dd_label) AS MAP_LABEL,
       d.dd_type AS MAP_VAR_TYPE,
       {dynamic ly_act_params_filters: act_id = p.act_id, map_var = p.map_var} AS DYNAMIC_PARAMS,
       {fixed ly_act_params_filters: act_id = p.act_id, map_var = p.map_var} AS FIXED_PARAMS,
       {pool ly_act_params_filters: act_id = p.act_id, map_var = p.map_var} AS POOL_PARAMS
FROM ly_act_params p
LEFT JOIN ly_dictionary d ON d.dd_id = p.map_var
LEFT JOIN ly_dictionary_l l ON l.dd_id = p.map_var AND l.lng_id = :LNG_ID
