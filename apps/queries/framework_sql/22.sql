-- Headers of actions.
-- pool: default
-- order: ACT_ID
SELECT act_id AS ACT_ID,
       act_label AS ACT_LABEL
FROM ly_actions
