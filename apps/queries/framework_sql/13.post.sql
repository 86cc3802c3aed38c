-- A new counter :NN_ID that stands at :NN_CURRENT.
-- pool: SESSION
INSERT INTO ly_nextnum (nn_id, nn_current)
VALUES (:NN_ID, :NN_CURRENT)
