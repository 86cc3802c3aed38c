-- The counter :NN_ID, advanced to :NN_CURRENT, with who did it and when.
-- pool: SESSION
UPDATE ly_nextnum
SET nn_current = :NN_CURRENT,
    nn_audit_user = :NN_AUDIT_USER,
    nn_audit_date = :NN_AUDIT_DATE
WHERE nn_id = :NN_ID
