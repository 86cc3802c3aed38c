-- Cells of dashboards.
-- pool: default
-- order: DSH_ID, DSH_ROW, DSH_COLUMN, DSH_COL_ID
SELECT dsh_id AS DSH_ID,
       dsh_col_id AS DSH_COL_ID,
       dsh_display_title AS DSH_DISPLAY_TITLE,
       dsh_title AS DSH_TITLE,
       dsh_row AS DSH_ROW,
       dsh_column AS DSH_COLUMN,
       dsh_component AS DSH_COMPONENT,
       dsh_component_id AS DSH_COMPONENT_ID
FROM ly_dsh_col
