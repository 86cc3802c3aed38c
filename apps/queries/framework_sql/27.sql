-- Headers of charts.
-- pool: default
-- order: CRT_ID
SELECT crt_id AS CRT_ID,
       crt_label AS CRT_LABEL,
       crt_type AS CRT_TYPE,
       crt_grid_hz AS CRT_GRID_HZ,
       crt_grid_vt AS CRT_GRID_VT,
       crt_axis_x AS CRT_AXIS_X,
       crt_axis_y1 AS CRT_AXIS_Y1,
       crt_axis_y2 AS CRT_AXIS_Y2,
       crt_query_id AS CRT_QUERY_ID
FROM ly_charts
