-- Labels and behaviour of every dictionary entry, in the language :LNG_ID.
-- pool: SESSION
-- order: DD_ID
SELECT :LNG_ID AS LNG_ID,
       d.dd_id AS DD_ID,
       coalesce(l.lng_label, d.dd_label) AS DD_LABEL,
       d.dd_type AS DD_TYPE,
       d.dd_rules AS DD_RULES,
       d.dd_rules_values AS DD_RULES_VALUES,
       d.dd_default AS DD_DEFAULT,
       d.dd_audit_user AS DD_AUDIT_USER,
       d.dd_audit_date AS DD_AUDIT_DATE
FROM ly_dictionary d
LEFT JOIN ly_dictionary_l l ON l.dd_id = d.dd_id AND l.lng_id = :LNG_ID
