-- Actions bound to events of components.
-- pool: default
SELECT evt_component AS EVT_COMPONENT,
       evt_cpt_id AS EVT_CPT_ID,
       evt_id AS EVT_ID,
       evt_act_id AS EVT_ACT_ID,
       evt_audit_user AS EVT_AUDIT_USER,
       evt_audit_date AS EVT_AUDIT_DATE
FROM ly_evt_cpt
ORDER BY evt_component, evt_cpt_id, evt_id, evt_seq_id, evt_col_id
