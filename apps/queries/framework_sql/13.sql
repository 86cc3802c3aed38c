-- Counters that give the next number.
-- pool: SESSION
-- order: NN_ID
SELECT nn_id AS NN_ID,
       nn_current AS NN_CURRENT
FROM ly_nextnum
