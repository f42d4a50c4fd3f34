// The tables of functions, family by family: declared above, and listed below as soon as the family's file stands.
#pragma once

#include <span>

#include "functions/function_def.h"

namespace pyrite {

std::span<const FunctionDef> arithmetic_functions();
std::span<const FunctionDef> predicate_functions();
std::span<const FunctionDef> conditional_functions();
std::span<const FunctionDef> bitwise_functions();
std::span<const FunctionDef> constructor_functions();
std::span<const FunctionDef> cast_functions();
std::span<const FunctionDef> aggregate_sum_functions();
std::span<const FunctionDef> aggregate_simple_functions();
std::span<const FunctionDef> aggregate_pick_functions();
std::span<const FunctionDef> aggregate_collect_functions();
std::span<const FunctionDef> aggregate_moment_functions();
std::span<const FunctionDef> aggregate_percentile_functions();
std::span<const FunctionDef> aggregate_approximate_functions();
std::span<const FunctionDef> aggregate_frequent_functions();
std::span<const FunctionDef> sketch_hll_functions();
std::span<const FunctionDef> sketch_theta_functions();
std::span<const FunctionDef> sketch_tuple_functions();
std::span<const FunctionDef> sketch_kll_functions();
std::span<const FunctionDef> sketch_frequency_functions();
std::span<const FunctionDef> count_min_sketch_functions();
std::span<const FunctionDef> bitmap_functions();
std::span<const FunctionDef> vector_functions();
std::span<const FunctionDef> geospatial_functions();
std::span<const FunctionDef> window_functions();
std::span<const FunctionDef> array_functions();
std::span<const FunctionDef> array_set_functions();
std::span<const FunctionDef> array_order_functions();
std::span<const FunctionDef> map_functions();
std::span<const FunctionDef> higher_order_functions();
std::span<const FunctionDef> generator_functions();
std::span<const FunctionDef> json_functions();
std::span<const FunctionDef> csv_functions();
std::span<const FunctionDef> xml_functions();
std::span<const FunctionDef> variant_functions();
std::span<const FunctionDef> string_case_functions();
std::span<const FunctionDef> string_slice_functions();
std::span<const FunctionDef> string_search_functions();
std::span<const FunctionDef> string_pad_functions();
std::span<const FunctionDef> string_format_functions();
std::span<const FunctionDef> string_shape_functions();
std::span<const FunctionDef> hash_functions();
std::span<const FunctionDef> datetime_functions();
std::span<const FunctionDef> datetime_add_functions();
std::span<const FunctionDef> datetime_make_functions();
std::span<const FunctionDef> datetime_now_functions();
std::span<const FunctionDef> datetime_convert_functions();
std::span<const FunctionDef> datetime_extract_functions();
std::span<const FunctionDef> interval_functions();
std::span<const FunctionDef> time_type_functions();
std::span<const FunctionDef> time_window_functions();
std::span<const FunctionDef> regex_functions();
std::span<const FunctionDef> like_functions();
std::span<const FunctionDef> math_functions();
std::span<const FunctionDef> math_round_functions();
std::span<const FunctionDef> math_integral_functions();
std::span<const FunctionDef> encode_functions();
std::span<const FunctionDef> url_functions();
std::span<const FunctionDef> crypt_functions();
std::span<const FunctionDef> random_functions();
std::span<const FunctionDef> random_poisson_functions();
std::span<const FunctionDef> misc_functions();
std::span<const FunctionDef> show_functions();
std::span<const FunctionDef> number_format_functions();
std::span<const FunctionDef> number_base_functions();
std::span<const FunctionDef> collation_functions();

using FamilyRows = std::span<const FunctionDef> (*)();
/// What the registry offers. Add a family when its file lands.
inline constexpr FamilyRows families[] = {
    show_functions,
    arithmetic_functions,
    predicate_functions,
    conditional_functions,
    bitwise_functions,
    constructor_functions,
    cast_functions,
    aggregate_sum_functions,
    aggregate_simple_functions,
    aggregate_pick_functions,
    aggregate_collect_functions,
    aggregate_moment_functions,
    aggregate_percentile_functions,
    aggregate_approximate_functions,
    aggregate_frequent_functions,
    window_functions,
    array_functions,
    array_set_functions,
    array_order_functions,
    map_functions,
    higher_order_functions,
    generator_functions,
    json_functions,
    csv_functions,
    xml_functions,
    sketch_hll_functions,
    sketch_theta_functions,
    sketch_tuple_functions,
    sketch_kll_functions,
    sketch_frequency_functions,
    count_min_sketch_functions,
    bitmap_functions,
    vector_functions,
    geospatial_functions,
    variant_functions,
    string_case_functions,
    string_slice_functions,
    string_search_functions,
    string_pad_functions,
    string_format_functions,
    string_shape_functions,
    hash_functions,
    regex_functions,
    like_functions,
    math_functions,
    math_round_functions,
    math_integral_functions,
    encode_functions,
    url_functions,
    crypt_functions,
    random_functions,
    random_poisson_functions,
    misc_functions,
    number_format_functions,
    number_base_functions,
    datetime_functions,
    datetime_add_functions,
    datetime_make_functions,
    datetime_now_functions,
    datetime_convert_functions,
    datetime_extract_functions,
    interval_functions,
    time_type_functions,
    time_window_functions,
    collation_functions,
};

}  // namespace pyrite
