// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// The intrinsic functions that work on arrays.
#include "workflow/intrinsicfunctions.h"

#include "workflow/jsonvalue.h"

#include <algorithm>

namespace brewline::workflow::intrinsics {

namespace json = boost::json;

namespace {

/// As many elements as the service allows States.ArrayRange to make.
constexpr std::int64_t longestRange = 1000;

auto wrong(std::string cause)
{
    return problem(errors::intrinsicFailure, std::move(cause));
}

bool contains(const json::array &array, const json::value &element)
{
    return std::ranges::any_of(array, [&](const json::value &each) { return sameValue(each, element); });
}

} // namespace

Value array(Arguments arguments, Supplier &)
{
    return json::array(arguments.begin(), arguments.end());
}

Value arrayContains(Arguments arguments, Supplier &)
{
    const json::array *elements = arguments[0].if_array();
    if (!elements)
        return wrong("The first argument is no array.");
    return contains(*elements, arguments[1]);
}

Value arrayGetItem(Arguments arguments, Supplier &)
{
    const json::array *elements = arguments[0].if_array();
    const auto index = wholeNumber(arguments[1]);
    if (!elements || !index)
        return wrong("The arguments must be an array and a whole number.");
    if (*index < 0 || *index >= std::int64_t(elements->size()))
        return wrong("The index is outside of the array.");
    return (*elements)[std::size_t(*index)];
}

Value arrayLength(Arguments arguments, Supplier &)
{
    const json::array *elements = arguments[0].if_array();
    if (!elements)
        return wrong("The argument is no array.");
    return std::int64_t(elements->size());
}

Value arrayPartition(Arguments arguments, Supplier &)
{
    const json::array *elements = arguments[0].if_array();
    const auto size = wholeNumber(arguments[1]);
    if (!elements || !size || *size <= 0)
        return wrong("The arguments must be an array and a positive whole number.");
    json::array parts;
    for (const json::value &element : *elements) {
        if (parts.empty() || std::int64_t(parts.back().get_array().size()) == *size)
            parts.emplace_back(json::array());
        parts.back().get_array().push_back(element);
    }
    return parts;
}

Value arrayRange(Arguments arguments, Supplier &)
{
    const auto first = wholeNumber(arguments[0]);
    const auto last = wholeNumber(arguments[1]);
    const auto step = wholeNumber(arguments[2]);
    if (!first || !last || !step || *step == 0)
        return wrong("The arguments must be whole numbers, the last one not 0.");
    json::array range;
    for (std::int64_t i = *first; *step > 0 ? i <= *last : i >= *last;) {
        if (std::int64_t(range.size()) == longestRange)
            return wrong("The range has more than 1000 elements.");
        range.emplace_back(i);
        if (__builtin_add_overflow(i, *step, &i))
            break;
    }
    return range;
}

Value arrayUnique(Arguments arguments, Supplier &)
{
    const json::array *elements = arguments[0].if_array();
    if (!elements)
        return wrong("The argument is no array.");
    json::array unique;
    for (const json::value &element : *elements) {
        if (!contains(unique, element))
            unique.push_back(element);
    }
    return unique;
}

} // namespace brewline::workflow::intrinsics
