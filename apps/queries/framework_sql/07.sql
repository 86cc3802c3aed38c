-- The menu tree of every user, in the language :LNG_ID, and whether he may run each entry.
--
-- A role's right on an entry holds for what is below it, until a nearer right of that role says otherwise.
-- What one of the user's roles allows is allowed. Where none of them says anything, administrators may run it.
-- Ancestors are followed 32 levels at most, so that entries which are each other's parent end as well.
-- pool: SESSION
-- order: USR_ID, KEY_ATTRIBUTES
WITH {recursive} lineage (menu_seq_ukid, ancestor_ukid, ancestor_parent_id, distance) AS (
    SELECT menu_seq_ukid, menu_seq_ukid, menu_parent_id, 0
    FROM ly_menus
    UNION ALL
    SELECT s.menu_seq_ukid, p.menu_seq_ukid, p.menu_parent_id, s.distance + 1
    FROM lineage s
    JOIN ly_menus p ON p.menu_child_id = s.ancestor_parent_id
    WHERE s.distance < 32
),
role_rights (rol_id, menu_seq_ukid, aut_run) AS (
    SELECT a.rol_id,
           s.menu_seq_ukid,
           CASE
               WHEN min(CASE WHEN a.aut_run = 'Y' THEN s.distance END)
                    <= min(CASE WHEN a.aut_run = 'Y' THEN 33 ELSE s.distance END) THEN 'Y'
               ELSE 'N'
           END
    FROM ly_rol_auth a
    JOIN lineage s ON s.ancestor_ukid = a.aut_menu_seq_ukid
    WHERE a.aut_run IS NOT NULL
    GROUP BY a.rol_id, s.menu_seq_ukid
),
user_rights (usr_id, menu_seq_ukid, aut_run) AS (
    SELECT r.usr_id, g.menu_seq_ukid, max(g.aut_run)
    FROM ly_usr_roles r
    JOIN role_rights g ON g.rol_id = r.rol_id
    GROUP BY r.usr_id, g.menu_seq_ukid
)
SELECT :LNG_ID AS LNG_ID,
       u.usr_id AS USR_ID,
       m.menu_component AS MENU_COMPONENT,
       m.menu_component_id AS MENU_COMPONENT_ID,
       coalesce(l.lng_label, m.menu_label) AS MENU_LABEL,
       m.menu_seq_ukid AS KEY_ATTRIBUTES,
       m.menu_parent_id AS MENU_PARENT_ID,
       m.menu_child_id AS MENU_CHILD_ID,
       m.menu_level AS MENU_LEVEL,
       coalesce(g.aut_run, u.usr_admin, 'N') AS AUT_RUN,
       {dynamic ly_menus_filters: menu_seq_ukid = m.menu_seq_ukid} AS DYNAMIC_PARAMS,
       {fixed ly_menus_filters: menu_seq_ukid = m.menu_seq_ukid} AS FIXED_PARAMS
FROM ly_users u
CROSS JOIN ly_menus m
LEFT JOIN user_rights g ON g.usr_id = u.usr_id AND g.menu_seq_ukid = m.menu_seq_ukid
LEFT JOIN ly_menus_l l ON l.lng_seq_ukid = m.menu_seq_ukid AND l.lng_id = :LNG_ID
