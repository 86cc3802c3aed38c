-- A new counter :NN_ID that stands at :NN_CURRENT, with who made it and when.
-- pool: SESSION
INSERT INTO ly_nextnum (nn_id, nn_current, nn_audit_user, nn_audit_date)
VALUES (:NN_ID, :NN_CURRENT, :NN_AUDIT_USER, :NN_AUDIT_DATE)
