// The functions a user's query may call. What is not named here is refused: everything that takes SQL as text, opens a file, tells of the process or of the engine.
namespace Lizhou.Policy.UserSql;

internal static class SqlFunctions
{
    /// <summary>Scalar and window functions and operators, lower case.</summary>
    private static readonly HashSet<string> Plain = Words("""
        + - * / // % ** ^ & | ~ << >> || ! @ ~~ !~~ ~~* !~~* ~~~ ~ !~ ^@ -> ->> && @> <@ <-> not and or
        abs acos acosh asin asinh atan atan2 atanh bit_count bit_xor cbrt ceil ceiling cos cosh cot degrees even exp factorial floor gamma gcd greatest greatest_common_divisor isfinite isinf isnan lcm least lgamma ln log log10 log2
        mod nextafter pi pow power radians round roundbankers round_even sign signbit sin sinh sqrt tan tanh trunc xor divide fdiv fmod add subtract multiply
        ascii bar bit_length chr concat concat_ws contains ends_with starts_with prefix suffix format_bytes instr position strpos lcase left length len lower lpad ltrim md5 sha1 sha256 nfc_normalize ord overlay printf format right regexp_escape
        regexp_extract regexp_extract_all regexp_full_match regexp_matches regexp_replace regexp_split_to_array repeat replace reverse rpad rtrim split split_part str_split string_split string_split_regex string_to_array strip_accents strlen
        substr substring substring_grapheme translate trim ucase unicode upper char_length character_length levenshtein editdist3 hamming damerau_levenshtein jaccard jaro_similarity jaro_winkler_similarity mismatches like_escape not_like_escape
        ilike_escape not_ilike_escape hash to_base64 base64 from_base64 hex unhex to_hex from_hex bin to_binary unbin url_encode url_decode encode decode
        age century current_date today current_time get_current_time now get_current_timestamp current_localtimestamp current_localtime date_add date_diff datediff date_part datepart date_sub datesub date_trunc datetrunc day dayname dayofmonth dayofweek dayofyear decade epoch epoch_ms epoch_ns
        epoch_us era extract hour isodow isoyear last_day make_date make_time make_timestamp make_timestamptz microsecond millennium millisecond minute month monthname quarter second strftime strptime try_strptime time_bucket timezone timezone_hour
        timezone_minute to_days to_hours to_microseconds to_milliseconds to_minutes to_months to_quarters to_seconds to_timestamp to_weeks to_years to_decades to_centuries to_millennia week weekday weekofyear year yearweek julian nanosecond
        coalesce ifnull nullif if isnull iif typeof pg_typeof can_cast_implicitly random setseed uuid gen_random_uuid alias stats_ignore constant_or_null ordinality
        list_value list_pack array_value struct_pack row struct_extract struct_extract_at struct_insert map map_from_entries map_keys map_values map_entries map_extract map_concat element_at cardinality array_extract list_extract list_element list_contains
        list_has array_contains array_has list_position list_indexof array_position array_indexof list_concat list_cat array_concat array_cat list_append array_append list_prepend array_prepend array_push_back array_push_front list_distinct array_distinct
        list_unique array_unique list_sort array_sort list_reverse_sort array_reverse_sort list_reverse array_reverse list_slice array_slice list_transform array_transform apply list_apply array_apply list_filter array_filter filter list_reduce array_reduce
        reduce list_sum list_avg list_min list_max list_count list_first list_last list_any_value list_aggregate list_aggr array_aggregate array_aggr aggregate list_zip array_zip flatten list_has_any array_has_any list_has_all array_has_all list_intersect
        array_intersect list_select array_select list_where array_where list_resize array_resize list_string_agg array_to_string array_length range generate_series unnest unpivot_list grade_up list_grade_up
        json json_extract json_extract_path json_extract_string json_extract_path_text json_array_length json_keys json_type json_valid json_contains json_object json_array to_json array_to_json row_to_json json_quote json_structure json_exists json_value
        json_merge_patch
        row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value fill rank_dense
        lz_id_number_ok lz_uscc_ok lz_trim lz_fold lz_standard lz_standard_why
        """);

    /// <summary>Functions whose answer stands for many rows.</summary>
    public static readonly IReadOnlySet<string> Aggregate = Words("""
        count count_star sum sum_no_overflow fsum kahan_sum sumkahan avg mean favg min max arg_min arg_max argmin argmax min_by max_by any_value arbitrary first last list array_agg string_agg group_concat listagg bool_and bool_or bit_and bit_or bit_xor
        product median mode mad quantile quantile_cont quantile_disc approx_count_distinct approx_quantile approx_top_k reservoir_quantile stddev stddev_pop stddev_samp variance var_pop var_samp covar_pop covar_samp corr regr_slope regr_intercept regr_r2
        regr_count regr_avgx regr_avgy regr_sxx regr_syy regr_sxy skewness kurtosis kurtosis_pop entropy histogram histogram_exact count_if countif geomean geometric_mean grouping grouping_id sem weighted_avg wavg arg_min_null arg_max_null
        json_group_array json_group_object
        """);

    /// <summary>All that a statement may call where a value stands.</summary>
    public static readonly IReadOnlySet<string> Scalar = Plain.Concat(Aggregate).ToHashSet(StringComparer.Ordinal);

    /// <summary>Functions that stand where a table does.</summary>
    public static readonly IReadOnlySet<string> Table = Words("range generate_series unnest");

    private static HashSet<string> Words(string text) => text.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
}
