"""A small set of framework rows, parents first, in which each rule of the framework queries has a case."""

from typing import Any

Row = dict[str, Any]

ROWS: dict[str, list[Row]] = {
    "ly_users": [
        {"usr_id": "ada", "usr_password": "hash", "usr_name": "Ada", "usr_email": "ada@example.org",
         "usr_status": "Y", "usr_admin": "Y", "usr_language": "en", "usr_mode": "dark", "usr_readonly": "N",
         "usr_dashboard": 1, "usr_theme": "liberty"},
        {"usr_id": "rob", "usr_status": "Y", "usr_admin": "N"},
        {"usr_id": "sam", "usr_status": "N", "usr_admin": None},
    ],
    "ly_roles": [{"rol_id": "sales"}, {"rol_id": "audit"}, {"rol_id": "empty"}],
    "ly_usr_roles": [
        {"usr_id": "rob", "rol_id": "sales"},
        {"usr_id": "rob", "rol_id": "audit"},
        {"usr_id": "ada", "rol_id": "empty"},
    ],
    "ly_rol_auth": [
        # sales sees the first tree but not its second entry; audit sees that one's child.
        {"rol_id": "sales", "aut_id": 1, "aut_menu_seq_ukid": "1.", "aut_run": "Y"},
        {"rol_id": "sales", "aut_id": 2, "aut_menu_seq_ukid": "1.2.", "aut_run": "N"},
        {"rol_id": "audit", "aut_id": 1, "aut_menu_seq_ukid": "1.2.3.", "aut_run": "Y"},
        {"rol_id": "empty", "aut_id": 1, "aut_menu_seq_ukid": "1.", "aut_run": None},
    ],
    "ly_menus": [
        {"menu_seq_ukid": "1.", "menu_parent_id": "0", "menu_child_id": "1.", "menu_label": "Sales",
         "menu_level": 1},
        {"menu_seq_ukid": "1.1.", "menu_parent_id": "1.", "menu_child_id": "1.1.", "menu_label": "Customers",
         "menu_level": 2, "menu_component": "FormsTable", "menu_component_id": 10},
        {"menu_seq_ukid": "1.2.", "menu_parent_id": "1.", "menu_child_id": "1.2.", "menu_label": "Figures",
         "menu_level": 2},
        {"menu_seq_ukid": "1.2.3.", "menu_parent_id": "1.2.", "menu_child_id": "1.2.3.",
         "menu_label": "Month", "menu_level": 3},
        # Each the parent of the other: following parents must end.
        {"menu_seq_ukid": "8.", "menu_parent_id": "9.", "menu_child_id": "8.", "menu_label": "Chicken"},
        {"menu_seq_ukid": "9.", "menu_parent_id": "8.", "menu_child_id": "9.", "menu_label": "Egg"},
    ],
    "ly_menus_l": [{"lng_id": "fr", "lng_seq_ukid": "1.", "lng_label": "Ventes"}],
    "ly_menus_filters": [
        {"menu_seq_ukid": "1.1.", "flt_id": 2, "flt_type": "DD", "flt_source": "A", "flt_target": "B"},
        {"menu_seq_ukid": "1.1.", "flt_id": 10, "flt_type": "DD", "flt_source": "C", "flt_target": None},
        {"menu_seq_ukid": "1.1.", "flt_id": 3, "flt_type": "VALUE", "flt_target": "D", "flt_value": "1"},
    ],
    "ly_dictionary": [
        {"dd_id": "CUS_ID", "dd_label": "Customer", "dd_type": "number", "dd_rules": "SEQUENCE",
         "dd_rules_values": "4", "dd_default": "0"},
        {"dd_id": "CUS_NAME", "dd_label": "Name", "dd_type": "text"},
        {"dd_id": "EMPTY"},
    ],
    "ly_dictionary_l": [
        {"dd_id": "CUS_ID", "lng_id": "fr", "lng_label": "Client"},
        {"dd_id": "CUS_ID", "lng_id": "de", "lng_label": "Kunde"},
    ],
    "ly_applications": [
        {"apps_id": 20, "apps_name": "DEMO", "apps_description": "Sample", "apps_pool": "demo",
         "apps_pool_min": 0, "apps_pool_max": 4, "apps_dbtype": "sqlite", "apps_jdbc": None,
         "apps_user": "demo", "apps_password": "secret", "apps_host": "localhost", "apps_port": 1,
         "apps_database": "demo.sqlite3", "apps_offset": 500, "apps_limit": 2000, "apps_version": 600,
         "apps_dashboard": 1, "apps_theme": "liberty", "apps_replace_null": "N"},
        {"apps_id": 3, "apps_name": "OTHER", "apps_pool": "other", "apps_offset": None, "apps_limit": 0},
    ],
    "ly_modules": [
        {"module_id": "menus", "module_description": "Menus", "module_enabled": "Y", "module_params": None},
        {"module_id": "debug", "module_description": "Debug", "module_enabled": "N",
         "module_params": '{"level":"1"}'},
    ],
    "ly_language": [
        {"lng_id": "fr", "lng_name": "Français"},
        {"lng_id": "en", "lng_name": "English"},
    ],
    "ly_links": [{"lnk_id": 1, "lnk_component": "AppsFooter", "lnk_component_id": 5}],
    "ly_lnk_val": [
        {"lnk_id": 1, "val_id": 1, "val_sequence": 2, "val_label": "Help", "val_link": "/help"},
        {"lnk_id": 1, "val_id": 2, "val_sequence": 1, "val_label": "About", "val_link": "/about"},
    ],
    "ly_lnk_val_l": [{"lnk_id": 1, "val_id": 1, "lng_id": "fr", "lng_label": "Aide", "lng_link": None}],
    "ly_query": [
        {"query_id": 1, "query_label": "Customers", "query_type": "CRUD"},
        {"query_id": 2, "query_label": "Orders", "query_type": "CRUD"},
    ],
    "ly_qry_sql": [
        {"query_id": 1, "query_dbtype": "generic", "query_crud": "GET", "query_pool": "demo"},
        {"query_id": 1, "query_dbtype": "oracle", "query_crud": "GET", "query_pool": "zoo"},
        {"query_id": 1, "query_dbtype": "generic", "query_crud": "POST", "query_pool": "writer"},
        {"query_id": 2, "query_dbtype": "oracle", "query_crud": "GET", "query_pool": "SESSION"},
    ],
    "ly_tables": [
        {"tbl_id": 10, "tbl_db_name": "CUSTOMERS", "tbl_label": "Customers", "tbl_query_id": 1,
         "tbl_editable": "Y", "tbl_uploadable": "N", "tbl_audit": "Y", "tbl_burst": "N",
         "tbl_workbook": "book", "tbl_sheet": "sheet", "tbl_ctx_id": 7, "tbl_tree_id": 8, "tbl_frm_id": 30,
         "tbl_auto_load": "Y"},
        {"tbl_id": 11, "tbl_label": "Orders", "tbl_query_id": 2},
    ],
    "ly_tbl_col": [
        # Key columns whose order is not that of their numbers; the first takes all from the dictionary.
        {"tbl_id": 10, "col_id": 1, "col_seq": 3, "col_dd_id": "CUS_ID", "col_visible": "Y",
         "col_disabled": "N", "col_required": "Y", "col_key": "Y", "col_filter": "Y", "col_cdn_id": 5},
        {"tbl_id": 10, "col_id": 2, "col_seq": 1, "col_dd_id": "CUS_NAME", "col_label": "Own",
         "col_target": "TARGET", "col_type": "own", "col_rules": "NN", "col_rules_values": "9",
         "col_default": "x", "col_key": "Y"},
        {"tbl_id": 10, "col_id": 3, "col_seq": 2, "col_dd_id": "EMPTY", "col_label": "Own", "col_type": "own",
         "col_key": "N"},
        {"tbl_id": 10, "col_id": 4, "col_seq": 4, "col_dd_id": "ABSENT"},
    ],
    "ly_tbl_filters": [
        {"tbl_id": 10, "col_id": 1, "flt_id": 1, "flt_type": "DD", "flt_source": "S", "flt_target": "T"},
        {"tbl_id": 10, "col_id": 1, "flt_id": 2, "flt_type": "DD", "flt_source": "OWN"},
        {"tbl_id": 10, "col_id": 1, "flt_id": 3, "flt_type": "VALUE", "flt_target": "V", "flt_value": "a b"},
        {"tbl_id": 10, "col_id": 1, "flt_id": 4, "flt_type": "POOL", "flt_source": "QUERY_POOL"},
        {"tbl_id": 10, "col_id": 1, "flt_id": 5, "flt_type": "POOL", "flt_value": "demo"},
        {"tbl_id": 10, "col_id": 1, "flt_id": 6, "flt_type": "OUT", "flt_source": "O", "flt_target": "P"},
        # Neither a value nor a target: nothing to say, and the others stay.
        {"tbl_id": 10, "col_id": 1, "flt_id": 7, "flt_type": "VALUE", "flt_value": None},
    ],
    "ly_tbl_col_cdn": [
        {"tbl_id": 10, "col_id": 1, "cdn_id": 1, "cdn_type": "DD", "cdn_source": "CS", "cdn_target": "CT"},
        {"tbl_id": 10, "col_id": 1, "cdn_id": 2, "cdn_type": "VALUE", "cdn_target": "CV", "cdn_value": "1"},
    ],
    "ly_ctxmenus": [{"ctx_id": 7, "ctx_description": "Customer menu"}],
    "ly_ctx_val": [
        {"ctx_id": 7, "val_id": 1, "val_seq": 2, "val_label": "Delete"},
        {"ctx_id": 7, "val_id": 2, "val_seq": 1, "val_label": "Open", "val_component": "FormsDialog",
         "val_component_id": 30},
    ],
    "ly_ctx_val_l": [{"ctx_id": 7, "val_id": 2, "lng_id": "fr", "lng_label": "Ouvrir"}],
    "ly_ctx_filters": [
        {"ctx_id": 7, "val_id": 2, "flt_id": 1, "flt_type": "DD", "flt_source": "CUS_ID", "flt_target": "ID"},
        {"ctx_id": 7, "val_id": 2, "flt_id": 2, "flt_type": "VALUE", "flt_target": "M", "flt_value": "e"},
        {"ctx_id": 7, "val_id": 2, "flt_id": 3, "flt_type": "POOL", "flt_value": "demo"},
    ],
    "ly_tree": [
        {"tree_id": 8, "tree_description": "Groups", "tree_type": "CHILD", "tree_parent": "P",
         "tree_child": "C", "tree_key": "K", "tree_group": "G", "tree_label": "L", "tree_audit_user": "ada"},
    ],
    "ly_dialogs": [{"dlg_id": 3, "dlg_label": "Customer"}],
    "ly_dlg_frm": [
        {"dlg_id": 3, "frm_id": 30, "frm_label": "Customer form", "frm_query_id": 1},
        {"dlg_id": 3, "frm_id": 31, "frm_label": None, "frm_query_id": None},
    ],
    "ly_dlg_tab": [
        {"frm_id": 30, "tab_id": 1, "tab_seq": 2, "tab_label": "General", "tab_cdn_id": 5, "tab_cols": 3,
         "tab_disable_add": "N", "tab_disable_edit": "Y"},
        {"frm_id": 30, "tab_id": 2, "tab_seq": 1, "tab_label": "Notes"},
        {"frm_id": 30, "tab_id": 10, "tab_seq": None, "tab_label": "Last"},
    ],
    "ly_dlg_tab_l": [{"frm_id": 30, "tab_id": 2, "lng_id": "fr", "lng_label": "Remarques"}],
    "ly_dlg_tab_cdn": [
        {"frm_id": 30, "tab_id": 1, "cdn_id": 1, "cdn_type": "DD", "cdn_source": "S", "cdn_target": "T"},
        {"frm_id": 30, "tab_id": 1, "cdn_id": 2, "cdn_type": "VALUE", "cdn_target": "V", "cdn_value": "1"},
    ],
    "ly_dlg_col": [
        {"frm_id": 30, "tab_id": 1, "col_id": 1, "col_seq": 2, "col_colspan": 1, "col_component": "InputText",
         "col_dd_id": "CUS_ID", "col_visible": "Y", "col_disabled": "N", "col_required": "Y", "col_key": "Y",
         "col_cdn_id": 5},
        {"frm_id": 30, "tab_id": 2, "col_id": 2, "col_seq": 1, "col_component": "FormsTable",
         "col_component_id": 10},
        {"frm_id": 30, "tab_id": 10, "col_id": 3, "col_seq": 3, "col_component": "InputText",
         "col_dd_id": "EMPTY", "col_label": "Own", "col_target": "TARGET", "col_type": "own",
         "col_rules": "NN", "col_rules_values": "9", "col_default": "x"},
    ],
    "ly_dlg_filters": [
        {"frm_id": 30, "col_id": 1, "flt_id": 1, "flt_type": "DD", "flt_source": "S", "flt_target": "T"},
        {"frm_id": 30, "col_id": 1, "flt_id": 2, "flt_type": "VALUE", "flt_target": "V", "flt_value": "1"},
        {"frm_id": 30, "col_id": 1, "flt_id": 3, "flt_type": "POOL", "flt_source": "Q"},
        {"frm_id": 30, "col_id": 1, "flt_id": 4, "flt_type": "OUT", "flt_source": "O"},
    ],
    "ly_dlg_col_cdn": [
        {"frm_id": 30, "col_id": 1, "cdn_id": 1, "cdn_type": "DD", "cdn_source": "CS", "cdn_target": "CT"},
        {"frm_id": 30, "col_id": 1, "cdn_id": 2, "cdn_type": "VALUE", "cdn_target": "CV", "cdn_value": "2"},
    ],
    "ly_nextnum": [{"nn_id": "CUS", "nn_current": 41}],
    "ly_enum": [{"enum_id": 6, "enum_label": "Status", "enum_display_add": "Y"}],
    "ly_enum_val": [
        {"enum_id": 6, "val_enum": "OPEN", "val_label": "Open"},
        {"enum_id": 6, "val_enum": "DONE", "val_label": "Done"},
    ],
    "ly_enum_val_l": [{"enum_id": 6, "val_enum": "OPEN", "lng_id": "fr", "lng_label": "Ouvert"}],
    "ly_lookup": [
        {"lkp_id": 12, "lkp_description": "Customers", "lkp_query_id": 1, "lkp_display_add": "N",
         "lkp_frm_id": 30, "lkp_dd_id": "CUS_ID", "lkp_dd_label": "CUS_NAME", "lkp_dd_group": "CITY",
         "lkp_display_search": "Y", "lkp_tbl_id": 10},
    ],
    "ly_sequence": [{"seq_id": 4, "seq_label": "Customer", "seq_query_id": 2, "seq_dd_id": "CUS_ID"}],
    "ly_actions": [{"act_id": 1, "act_label": "Close the month"}],
    "ly_act_params": [
        {"act_id": 1, "map_var": "CUS_ID", "map_dir": "IN", "map_display": "Y"},
        {"act_id": 1, "map_var": "ABSENT", "map_dir": "OUT", "map_rules": "NN", "map_rules_values": "9",
         "map_default": "x"},
    ],
    "ly_act_params_filters": [
        {"act_id": 1, "map_var": "CUS_ID", "flt_id": 1, "flt_type": "DD", "flt_source": "S"},
        {"act_id": 1, "map_var": "CUS_ID", "flt_id": 2, "flt_type": "VALUE", "flt_target": "V",
         "flt_value": "1"},
        {"act_id": 1, "map_var": "CUS_ID", "flt_id": 3, "flt_type": "POOL", "flt_source": "QUERY_POOL"},
    ],
    "ly_act_tasks": [
        {"act_id": 1, "evt_id": 1, "evt_seq": 2, "evt_type": "QUERY", "evt_label": "Read",
         "evt_disabled": "N", "evt_query_id": 1, "evt_query_crud": "GET", "evt_cdn_id": 5, "evt_brc_true": 1,
         "evt_brc_false": 2, "evt_brc_id": 3, "evt_api_id": 4, "evt_component": "FormsTable",
         "evt_component_id": 10, "evt_loop": "Y", "evt_loop_array": "ROWS"},
        {"act_id": 1, "evt_id": 2, "evt_seq": 1, "evt_disabled": "N"},
        {"act_id": 1, "evt_id": 3, "evt_seq": 3, "evt_disabled": "Y"},
        {"act_id": 1, "evt_id": 4, "evt_seq": 4, "evt_disabled": None},
    ],
    "ly_act_tasks_params": [
        {"act_id": 1, "evt_id": 1, "map_id": 2, "map_type": "DD", "map_dir": "IN", "map_var": "CUS_ID",
         "map_value": "INPUT.CUS_ID"},
        {"act_id": 1, "evt_id": 1, "map_id": 1, "map_type": "ARRAY", "map_dir": "OUT", "map_var": "ABSENT",
         "map_label": "Own", "map_var_type": "date", "map_rules": "NN", "map_rules_values": "9",
         "map_default": "x"},
    ],
    "ly_condition": [{"cdn_id": 5, "cdn_label": "Is known"}],
    "ly_cdn_params": [
        {"cdn_id": 5, "cdn_params_id": 1, "cdn_seq": 2, "cdn_dd_id": "CUS_ID", "cdn_operator": "EQUAL",
         "cdn_value": "1", "cdn_enum_id": 6, "cdn_lookup_id": 12, "cdn_logical": "AND", "cdn_group": 1,
         "cdn_type": "DD", "cdn_grp_label": "first"},
        {"cdn_id": 5, "cdn_params_id": 2, "cdn_seq": 1},
    ],
    "ly_cdn_grp": [{"cdn_id": 5, "cdn_group": 1, "cdn_label": "first", "cdn_logical": "OR"}],
    "ly_charts": [
        {"crt_id": 1, "crt_label": "Sales", "crt_type": "bar", "crt_grid_hz": "Y", "crt_grid_vt": "N",
         "crt_axis_x": "MONTH", "crt_axis_y1": "TOTAL", "crt_axis_y2": None, "crt_query_id": 1},
    ],
    "ly_dashboard": [{"dsh_id": 1, "dsh_label": "Home", "dsh_row": 2, "dsh_column": 1}],
    "ly_dsh_col": [
        {"dsh_id": 1, "dsh_col_id": 1, "dsh_display_title": "Y", "dsh_title": "Below", "dsh_row": 2,
         "dsh_column": 1, "dsh_component": "FormsChart", "dsh_component_id": 1},
        {"dsh_id": 1, "dsh_col_id": 2, "dsh_display_title": "N", "dsh_title": None, "dsh_row": 1,
         "dsh_column": 1},
    ],
    "ly_evt_cpt": [
        {"evt_component": "FormsTable", "evt_cpt_id": 10, "evt_id": 1, "evt_col_id": 1, "evt_seq_id": 2,
         "evt_act_id": 1},
        {"evt_component": "FormsTable", "evt_cpt_id": 10, "evt_id": 1, "evt_col_id": 2, "evt_seq_id": 1,
         "evt_act_id": 2},
    ],
    "ly_themes": [{"thm_id": 2, "thm_name": "night"}, {"thm_id": 1, "thm_name": "day"}],
    "ly_thm_colors": [
        {"thm_id": 2, "tcl_id": 1, "tcl_key": "primary", "tcl_light": "#111111", "tcl_dark": "#222222"},
        {"thm_id": 1, "tcl_id": 1, "tcl_key": "primary", "tcl_light": "#333333", "tcl_dark": "#444444"},
        {"thm_id": 1, "tcl_id": 2, "tcl_key": "border", "tcl_light": "#555555", "tcl_dark": "#666666"},
    ],
    "ly_api_conn": [
        {"conn_id": 1, "conn_label": "Gateway", "conn_url": "https://gateway.example/v1", "conn_user": "conn",
         "conn_password": "conn secret"},
    ],
    "ly_api": [
        {"api_id": 1, "api_label": "Send", "api_source": "EXTERNAL", "api_method": "POST", "api_url": "/send",
         "api_user": "own", "api_password": "own secret", "api_body": '{"to": "$TO"}', "api_conn_id": 1},
        {"api_id": 2, "api_label": "Ping", "api_source": "INTERNAL", "api_method": "POST",
         "api_url": "/api/ping", "api_user": "own", "api_password": "own secret"},
    ],
}  # fmt: skip

PARAMETERS: dict[str, Any] = {
    "LNG_ID": "fr",
    "APPS_POOL": "demo",
    "USR_ID": "ada",
    "USR_ADMIN": "Y",
    "API_ID": 1,
}
