// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/resultpath.h"

namespace brewline::workflow {

namespace json = boost::json;

namespace {

/// The place that \a segment leads to, made when it is a member that does not exist yet.
json::value *enter(json::value &node, const PathSegment &segment)
{
    if (segment.kind == PathSegment::Kind::Members) {
        if (node.is_null())
            node.emplace_object();
        json::object *object = node.if_object();
        return object ? &(*object)[segment.names.front()] : nullptr;
    }
    json::array *array = node.if_array();
    const auto index = std::size_t(segment.indices.front());
    return array && index < array->size() ? &(*array)[index] : nullptr;
}

} // namespace

ResultPath ResultPath::discard()
{
    ResultPath path;
    path.m_discards = true;
    return path;
}

ResultPath::ResultPath(Path path)
    : m_path(std::move(path))
{
}

Outcome<json::value> ResultPath::combine(json::value input, json::value result) const
{
    if (m_discards)
        return input;
    if (m_path.segments().empty())
        return result;
    json::value *place = &input;
    for (const PathSegment &segment : m_path.segments()) {
        place = enter(*place, segment);
        if (!place)
            return problem(errors::resultPathMatchFailure,
                           "The result path " + m_path.text() + " does not fit the input of the state.");
    }
    *place = std::move(result);
    return input;
}

} // namespace brewline::workflow
