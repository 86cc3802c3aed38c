-- Enabled tasks of actions.
-- pool: default
-- order: ACT_ID, EVT_SEQ, EVT_ID
SELECT act_id AS ACT_ID,
       evt_id AS EVT_ID,
       evt_seq AS EVT_SEQ,
       evt_type AS EVT_TYPE,
       evt_query_id AS EVT_QUERY_ID,
       evt_query_crud AS EVT_QUERY_CRUD,
       evt_cdn_id AS EVT_CDN_ID,
       evt_brc_true AS EVT_BRC_TRUE,
       evt_brc_false AS EVT_BRC_FALSE,
       evt_brc_id AS EVT_BRC_ID,
       evt_api_id AS EVT_API_ID,
       evt_label AS EVT_LABEL,
       evt_component AS EVT_COMPONENT,
       evt_component_id AS EVT_COMPONENT_ID,
       evt_loop AS EVT_LOOP,
       evt_loop_array AS EVT_LOOP_ARRAY
FROM ly_act_tasks
WHERE evt_disabled = 'N'
