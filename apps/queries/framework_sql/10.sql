-- Trees: which columns of a grid make its levels.
-- pool: default
-- order: TREE_ID
SELECT tree_id AS TREE_ID,
       tree_description AS TREE_DESCRIPTION,
       tree_type AS TREE_TYPE,
       tree_parent AS TREE_PARENT,
       tree_child AS TREE_CHILD,
       tree_key AS TREE_KEY,
       tree_group AS TREE_GROUP,
       tree_label AS TREE_LABEL,
       tree_audit_user AS TREE_AUDIT_USER,
       tree_audit_date AS TREE_AUDIT_DATE
FROM ly_tree
