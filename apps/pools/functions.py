"""Built-in functions that leave no trace in a session, per database product.

A statement that calls anything else may change the session (a setting, a lock, a variable, a temporary
object, or whatever a function written by somebody does), and is run with more care. The lists are closed:
an unknown function is never taken for harmless. Names are in upper case; a function of a package is
written with it.
"""


def upper_words(text: str) -> frozenset[str]:
    """Return the words of `text`, which blanks keep apart, in upper case."""
    return frozenset(text.upper().split())


STANDARD_FUNCTIONS = upper_words("""
    count sum avg min max stddev stddev_pop stddev_samp variance var_pop var_samp row_number rank
    dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value abs ceil ceiling
    floor round sign sqrt exp ln log log10 power mod acos asin atan atan2 cos sin tan degrees radians pi
    greatest least lower upper trim ltrim rtrim replace substr substring length concat concat_ws coalesce
    nullif cast extract char varchar nchar nvarchar character varying decimal numeric dec number float
    double real int integer bigint smallint time timestamp date datetime interval binary varbinary bit
    current_date current_time current_timestamp localtime localtimestamp json_array json_object
    json_arrayagg json_objectagg json_value json_query json_exists
""")

POSTGRESQL_FUNCTIONS = STANDARD_FUNCTIONS | upper_words("""
    array_agg string_agg bool_and bool_or every bit_and bit_or bit_xor json_agg jsonb_agg json_object_agg
    jsonb_object_agg xmlagg range_agg range_intersect_agg any_value corr covar_pop covar_samp regr_avgx
    regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy mode percentile_cont
    percentile_disc grouping cbrt div factorial gcd lcm trunc width_bucket min_scale scale trim_scale
    random erf erfc acosd asind atand atan2d cosd sind tand cot cotd sinh cosh tanh asinh acosh atanh
    ascii bit_length btrim char_length character_length chr decode encode format initcap left lpad md5
    normalize octet_length overlay parse_ident position quote_ident quote_literal quote_nullable
    regexp_count regexp_instr regexp_like regexp_match regexp_matches regexp_replace regexp_split_to_array
    regexp_split_to_table regexp_substr repeat reverse right rpad split_part starts_with string_to_array
    string_to_table strpos to_ascii to_bin to_hex to_oct translate unistr unaccent similarity
    word_similarity strict_word_similarity bit_count get_bit get_byte set_bit set_byte sha224 sha256
    sha384 sha512 convert convert_from convert_to to_char to_date to_number to_timestamp age
    clock_timestamp date_add date_bin date_part date_subtract date_trunc isfinite justify_days
    justify_hours justify_interval make_date make_interval make_time make_timestamp make_timestamptz now
    statement_timestamp timeofday transaction_timestamp timezone timestamptz timetz text bpchar bool
    boolean bytea uuid json jsonb name money inet cidr macaddr int2 int4 int8 float4 float8 oid regclass
    xml varbit citext array_append array_cat array_dims array_fill array_length array_lower array_ndims
    array_position array_positions array_prepend array_remove array_replace array_reverse array_sample
    array_shuffle array_sort array_to_string array_upper cardinality trim_array unnest generate_series
    generate_subscripts to_json to_jsonb array_to_json row_to_json json_build_array jsonb_build_array
    json_build_object jsonb_build_object jsonb_object json_array_elements jsonb_array_elements
    json_array_elements_text jsonb_array_elements_text json_array_length jsonb_array_length json_each
    jsonb_each json_each_text jsonb_each_text json_extract_path jsonb_extract_path json_extract_path_text
    jsonb_extract_path_text json_object_keys jsonb_object_keys json_populate_record jsonb_populate_record
    json_populate_recordset jsonb_populate_recordset json_to_record jsonb_to_record json_to_recordset
    jsonb_to_recordset jsonb_set jsonb_set_lax jsonb_insert json_strip_nulls jsonb_strip_nulls
    jsonb_path_exists jsonb_path_match jsonb_path_query jsonb_path_query_array jsonb_path_query_first
    jsonb_pretty json_typeof jsonb_typeof json_scalar json_serialize json_table gen_random_uuid uuidv4
    uuidv7 uuid_generate_v4 isempty lower_inc lower_inf upper_inc upper_inf range_merge multirange
    int4range int8range numrange tsrange tstzrange daterange row num_nonnulls num_nulls to_tsvector
    to_tsquery plainto_tsquery phraseto_tsquery websearch_to_tsquery ts_headline ts_rank ts_rank_cd
    tsvector_to_array setweight strip numnode querytree xmlelement xmlforest xmlconcat xmlparse
    xmlserialize xmltable xpath xpath_exists xmlexists xml_is_well_formed abbrev broadcast family host
    hostmask masklen netmask network set_masklen area center diameter height point box circle line lseg
    path polygon current_database current_schema current_schemas current_setting current_user session_user
    version pg_typeof format_type pg_get_constraintdef pg_get_expr pg_get_indexdef pg_get_viewdef
    pg_get_functiondef obj_description col_description shobj_description has_table_privilege
    has_column_privilege has_schema_privilege pg_table_size pg_total_relation_size pg_relation_size
    pg_indexes_size pg_database_size pg_size_pretty pg_table_is_visible pg_column_size to_regclass
    to_regtype pg_get_serial_sequence nextval currval hstore akeys avals skeys svals
""")

MYSQL_FUNCTIONS = STANDARD_FUNCTIONS | upper_words("""
    group_concat bit_and bit_or bit_xor std any_value median percentile_cont percentile_disc grouping conv
    cot crc32 format log2 pow rand truncate hex oct bin unhex ascii bit_length char_length
    character_length elt export_set field find_in_set from_base64 insert instr lcase left locate lpad
    make_set mid octet_length ord position quote regexp_instr regexp_like regexp_replace regexp_substr
    repeat reverse right rpad soundex space strcmp substring_index to_base64 ucase weight_string if ifnull
    isnull nvl nvl2 decode convert unsigned signed adddate addtime add_months convert_tz curdate curtime
    date_add date_format date_sub datediff day dayname dayofmonth dayofweek dayofyear from_days
    from_unixtime get_format hour last_day makedate maketime microsecond minute month monthname now
    period_add period_diff quarter sec_to_time second str_to_date subdate subtime sysdate time_format
    time_to_sec timediff timestampadd timestampdiff to_char to_date to_days to_seconds unix_timestamp
    utc_date utc_time utc_timestamp week weekday weekofyear year yearweek json_array_append
    json_array_insert json_contains json_contains_path json_depth json_extract json_insert json_keys
    json_length json_merge json_merge_patch json_merge_preserve json_overlaps json_pretty json_quote
    json_remove json_replace json_schema_valid json_search json_set json_storage_size json_table json_type
    json_unquote json_valid json_compact json_detailed json_loose json_normalize member md5 sha sha1 sha2
    aes_encrypt aes_decrypt compress uncompress uncompressed_length random_bytes uuid uuid_short
    uuid_to_bin bin_to_uuid is_uuid sys_guid inet_aton inet_ntoa inet6_aton inet6_ntoa is_ipv4 is_ipv6
    database schema user current_user session_user system_user version connection_id charset collation
    coercibility found_rows row_count bit_count interval match values value nextval lastval st_astext
    st_geomfromtext st_x st_y st_distance st_contains st_within st_asgeojson point
""")

SQLITE_FUNCTIONS = STANDARD_FUNCTIONS | upper_words("""
    group_concat string_agg total median percentile percentile_cont percentile_disc acosh asinh atanh cosh
    sinh tanh log2 pow trunc random randomblob zeroblob char format glob hex unhex instr like octet_length
    printf quote soundex unicode unistr concat if ifnull iif likelihood likely unlikely typeof date time
    datetime julianday strftime timediff unixepoch json jsonb json_array_length json_each
    json_error_position json_extract jsonb_extract json_group_array json_group_object jsonb_group_array
    jsonb_group_object json_insert jsonb_insert json_patch jsonb_patch json_pretty json_quote json_remove
    jsonb_remove json_replace jsonb_replace json_set jsonb_set json_tree json_type json_valid jsonb_array
    jsonb_object changes last_insert_rowid total_changes sqlite_version sqlite_source_id
    sqlite_compileoption_used generate_series pragma_table_info pragma_table_xinfo pragma_table_list
    pragma_index_list pragma_index_info pragma_foreign_key_list pragma_database_list match bm25 highlight
    snippet text blob
""")

ORACLE_FUNCTIONS = STANDARD_FUNCTIONS | upper_words("""
    listagg median collect corr covar_pop covar_samp cube_table grouping grouping_id group_id stats_mode
    ratio_to_report percentile_cont percentile_disc regr_avgx regr_avgy regr_count regr_intercept regr_r2
    regr_slope xmlagg approx_count approx_count_distinct any_value bitand cosh sinh tanh nanvl remainder
    trunc width_bucket ascii asciistr chr compose convert decompose initcap instr instrb lengthb lengthc
    lpad rpad nls_initcap nls_lower nls_upper nlssort regexp_count regexp_instr regexp_like regexp_replace
    regexp_substr soundex substrb substrc translate unistr utl_match.edit_distance utl_match.jaro_winkler
    add_months dbtimezone from_tz last_day months_between new_time next_day numtodsinterval
    numtoyminterval ora_hash sessiontimezone sys_extract_utc systimestamp sysdate to_dsinterval
    to_timestamp to_timestamp_tz to_yminterval tz_offset bin_to_num chartorowid hextoraw rawtohex
    rowidtochar rowidtonchar to_binary_double to_binary_float to_blob to_char to_clob to_date to_lob
    to_multi_byte to_nchar to_nclob to_number to_single_byte validate_conversion varchar2 nvarchar2 raw
    urowid decode dump lnnvl nvl nvl2 sys_connect_by_path sys_context sys_guid uid user userenv vsize
    empty_blob empty_clob json_dataguide json_mergepatch json_serialize json_table json_transform
    json_scalar extractvalue existsnode xmlcast xmlelement xmlexists xmlforest xmlparse xmlquery
    xmlserialize xmltable xmltype standard_hash dbms_lob.substr dbms_lob.getlength dbms_lob.instr
    dbms_lob.compare table cast multiset cardinality
""")
