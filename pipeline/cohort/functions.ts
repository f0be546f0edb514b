/**
 * Functions that SQL of a spec may call: those of one row that give the same each time, and read no file, clock, setting
 * or chance. A list of what is allowed, so that one that a later DuckDB adds is refused until somebody has looked at it.
 */
const NAMES = `
  + - * / // % ^ ** & | ~ << >> || ! !~~ !~~* ~~ ~~* ~~~ ^@ @ @> <@ && -> ->> <-> <=>
  add subtract multiply divide mod fmod fdiv pow power sqrt cbrt exp ln log log2 log10 abs sign ceil ceiling floor round
  round_even roundbankers trunc even greatest least isnan isinf isfinite gcd lcm xor bit_count nextafter pi
  sin cos tan asin acos atan atan2 sinh cosh tanh cot degrees radians gamma lgamma factorial
  concat concat_ws contains prefix suffix starts_with ends_with lower upper lcase ucase trim ltrim rtrim length len strlen
  left right substr substring lpad rpad reverse replace translate split_part split string_split str_split string_to_array
  strpos instr position ascii chr unicode ord strip_accents nfc_normalize like_escape ilike_escape not_like_escape
  not_ilike_escape regexp_matches regexp_full_match regexp_extract regexp_extract_all regexp_replace regexp_escape
  regexp_split_to_array string_split_regex format printf levenshtein damerau_levenshtein editdist3 hamming jaccard
  jaro_similarity jaro_winkler_similarity md5 sha1 sha256 hex to_hex bin
  year month day quarter week weekday weekofyear dayofweek dayofmonth dayofyear isodow isoyear yearweek decade century era
  millennium hour minute second dayname monthname julian last_day days_in_month date_part datepart date_trunc datetrunc
  date_diff datediff date_sub datesub date_add make_date make_time make_timestamp epoch strftime strptime try_strptime
  to_years to_months to_weeks to_days to_hours to_minutes to_seconds to_quarters to_decades to_centuries to_millennia
  to_milliseconds to_microseconds
  nullif constant_or_null row struct_pack struct_extract struct_extract_at typeof
  list_value list_pack list_contains list_has list_has_any list_has_all list_position list_indexof list_extract list_element
  element_at list_filter list_transform list_apply list_reduce list_distinct list_unique list_sort list_reverse_sort
  list_reverse list_concat list_cat list_append list_prepend list_slice list_intersect list_count list_min list_max list_sum
  list_avg list_median list_mode list_first list_last list_any_value list_bool_and list_bool_or list_string_agg
  list_aggregate list_aggr list_zip list_where list_select flatten
  array_length array_contains array_has array_has_any array_has_all array_position array_extract array_filter
  array_transform array_distinct array_sort array_slice array_to_string cardinality filter apply reduce
  json_extract json_extract_string json_extract_path json_extract_path_text json_exists json_type json_valid json_keys
  json_array_length json_contains json_value
`;

const ALLOWED = new Set(NAMES.trim().split(/\s+/));

/** @param name as it is written */
export function mayBeCalled(name: string): boolean {
  return ALLOWED.has(name.toLowerCase());
}
