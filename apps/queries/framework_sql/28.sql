-- Headers of dashboards.
-- pool: default
-- order: DSH_ID
SELECT dsh_id AS DSH_ID,
       dsh_label AS DSH_LABEL,
       dsh_row AS DSH_ROW,
       dsh_column AS DSH_COLUMN
FROM ly_dashboard
