-- The counter :NN_ID, advanced to :NN_CURRENT.
-- pool: SESSION
UPDATE ly_nextnum
SET nn_current = :NN_CURRENT
WHERE nn_id = :NN_ID
