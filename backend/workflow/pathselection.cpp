// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/pathselection.h"

#include "workflow/pathfilter.h"

#include <algorithm>
#include <numeric>

namespace brewline::workflow {

namespace json = boost::json;

namespace {

const json::value *element(const json::array &array, std::int64_t index)
{
    if (index < 0)
        index += std::int64_t(array.size());
    return index >= 0 && index < std::int64_t(array.size()) ? &array[std::size_t(index)] : nullptr;
}

template<typename Function>
void forEachChild(const json::value &node, Function function)
{
    if (const json::array *array = node.if_array()) {
        for (const json::value &child : *array)
            function(child);
    } else if (const json::object *object = node.if_object()) {
        for (const json::key_value_pair &member : *object)
            function(member.value());
    }
}

void slice(const json::array &array, const PathSegment &segment, std::vector<const json::value *> &to)
{
    const auto size = std::int64_t(array.size());
    const auto place = [size](std::int64_t index) {
        return std::clamp<std::int64_t>(index < 0 ? index + size : index, 0, size);
    };
    const std::int64_t end = place(segment.to.value_or(size));
    const std::int64_t step = std::clamp<std::int64_t>(segment.step, 1, size + 1); // a larger one takes the first alone
    for (std::int64_t i = place(segment.from.value_or(0)); i < end; i += step)
        to.push_back(&array[std::size_t(i)]);
}

std::optional<double> aggregate(std::string_view name, const std::vector<double> &numbers)
{
    if (numbers.empty())
        return std::nullopt;
    if (name == "min")
        return *std::ranges::min_element(numbers);
    if (name == "max")
        return *std::ranges::max_element(numbers);
    const double sum = std::accumulate(numbers.begin(), numbers.end(), 0.0);
    return name == "avg" ? sum / double(numbers.size()) : sum;
}

std::vector<double> numbersIn(const std::vector<const json::value *> &nodes)
{
    std::vector<double> numbers;
    for (const json::value *node : nodes) {
        if (node->is_number())
            numbers.push_back(node->to_number<double>());
    }
    return numbers;
}

} // namespace

PathSelection::PathSelection(const json::value &root, const json::value &data, Scope &scope)
    : m_data(data)
    , m_scope(scope)
    , m_nodes{&root}
{
}

const json::value *PathSelection::step(const json::value &node, const PathSegment &segment)
{
    if (segment.kind == PathSegment::Kind::Members) {
        const json::object *object = node.if_object();
        return object ? object->if_contains(segment.names.front()) : nullptr;
    }
    const json::array *array = node.if_array();
    return array && segment.kind == PathSegment::Kind::Indices ? element(*array, segment.indices.front()) : nullptr;
}

bool PathSelection::select(std::span<const PathSegment> segments)
{
    bool indefinite = false;
    for (const PathSegment &segment : segments) {
        if (segment.kind == PathSegment::Kind::Function) {
            if (!call(segment, indefinite))
                return false;
            indefinite = false;
            continue;
        }
        std::vector<const json::value *> next;
        for (const json::value *node : m_nodes) {
            if (segment.descends)
                applyToDescendants(*node, segment, next);
            else
                apply(*node, segment, next);
        }
        m_nodes = std::move(next);
        indefinite = indefinite || !segment.isDefinite();
        if (m_nodes.empty() && !indefinite)
            return false;
    }
    return true;
}

void PathSelection::apply(const json::value &node, const PathSegment &segment, std::vector<const json::value *> &to)
{
    using Kind = PathSegment::Kind;
    const json::array *array = node.if_array();
    const json::object *object = node.if_object();
    switch (segment.kind) {
    case Kind::Members:
        for (const std::string &name : segment.names) {
            if (const json::value *child = object ? object->if_contains(name) : nullptr)
                to.push_back(child);
        }
        break;
    case Kind::Indices:
        for (const std::int64_t index : segment.indices) {
            if (const json::value *child = array ? element(*array, index) : nullptr)
                to.push_back(child);
        }
        break;
    case Kind::Wildcard:
        forEachChild(node, [&to](const json::value &child) { to.push_back(&child); });
        break;
    case Kind::Slice:
        if (array)
            slice(*array, segment, to);
        break;
    case Kind::Filter:
        // An object is tested itself, an array element by element.
        if (object && segment.filter->accepts(node, m_data, m_scope))
            to.push_back(&node);
        if (array)
            forEachChild(node, [&](const json::value &child) {
                if (segment.filter->accepts(child, m_data, m_scope))
                    to.push_back(&child);
            });
        break;
    case Kind::Function:
        break;
    }
}

void PathSelection::applyToDescendants(const json::value &node, const PathSegment &segment,
                                       std::vector<const json::value *> &to)
{
    // An object that a filter tests itself is reached through its parent array, and must not appear twice.
    if (segment.kind != PathSegment::Kind::Filter || node.is_array())
        apply(node, segment, to);
    forEachChild(node, [&](const json::value &child) { applyToDescendants(child, segment, to); });
}

bool PathSelection::call(const PathSegment &segment, bool indefinite)
{
    if (!indefinite && m_nodes.size() != 1)
        return false;
    const std::string &name = segment.names.front();
    if (!indefinite && !m_nodes.front()->is_array() && name != "keys" && name != "length")
        return false;
    std::vector<const json::value *> operands;
    if (indefinite)
        operands = m_nodes;
    else
        forEachChild(*m_nodes.front(), [&operands](const json::value &child) { operands.push_back(&child); });
    json::value result;
    if (name == "length") {
        const json::string *text = indefinite ? nullptr : m_nodes.front()->if_string();
        result = std::int64_t(text ? text->size() : operands.size());
    } else if (name == "keys") {
        const json::object *object = indefinite ? nullptr : m_nodes.front()->if_object();
        if (!object)
            return false;
        json::array keys;
        for (const json::key_value_pair &member : *object)
            keys.emplace_back(member.key());
        result = std::move(keys);
    } else if (const auto number = aggregate(name, numbersIn(operands))) {
        result = *number;
    } else {
        return false;
    }
    m_computed = std::move(result);
    m_nodes = {&m_computed};
    return true;
}

json::value PathSelection::take(bool single)
{
    if (m_nodes.size() == 1 && (single || m_nodes.front() == &m_computed))
        return *m_nodes.front();
    json::array all;
    all.reserve(m_nodes.size());
    for (const json::value *node : m_nodes)
        all.push_back(*node);
    return all;
}

} // namespace brewline::workflow
