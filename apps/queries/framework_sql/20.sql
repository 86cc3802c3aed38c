-- Headers of sequences.
-- pool: default
-- order: SEQ_ID
SELECT seq_id AS SEQ_ID,
       seq_query_id AS SEQ_QUERY_ID
FROM ly_sequence
