// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/fieldreader.h"

#include "workflow/jsonvalue.h"

#include <algorithm>

namespace brewline::workflow {

namespace json = boost::json;

FieldReader::FieldReader(const json::object &object, std::string pointer, std::string subject, Faults &faults)
    : m_object(object)
    , m_pointer(std::move(pointer))
    , m_subject(std::move(subject))
    , m_faults(faults)
{
}

std::string FieldReader::pointerOf(std::string_view name) const
{
    return m_pointer + pointerStep(name);
}

bool FieldReader::has(std::string_view name) const
{
    return m_object.contains(name);
}

const json::value *FieldReader::value(std::string_view name)
{
    m_known.push_back(name);
    return m_object.if_contains(name);
}

std::optional<std::string> FieldReader::text(std::string_view name)
{
    const json::value *found = value(name);
    if (!found)
        return std::nullopt;
    if (const json::string *string = found->if_string())
        return std::string(*string);
    fault(name, "must be a string");
    return std::nullopt;
}

std::optional<bool> FieldReader::boolean(std::string_view name)
{
    const json::value *found = value(name);
    if (!found)
        return std::nullopt;
    if (found->is_bool())
        return found->get_bool();
    fault(name, "must be true or false");
    return std::nullopt;
}

std::optional<std::int64_t> FieldReader::whole(std::string_view name, std::int64_t least, std::int64_t most)
{
    const json::value *found = value(name);
    if (!found)
        return std::nullopt;
    const auto number = wholeNumber(*found);
    if (number && *number >= least && *number <= most)
        return number;
    fault(name, "must be a whole number of at least " + std::to_string(least) +
                    (most == std::numeric_limits<std::int64_t>::max() ? "" : " and at most " + std::to_string(most)));
    return std::nullopt;
}

std::optional<double> FieldReader::number(std::string_view name, double least)
{
    const json::value *found = value(name);
    if (!found)
        return std::nullopt;
    if (found->is_number() && found->to_number<double>() >= least)
        return found->to_number<double>();
    fault(name, "must be a number of at least " + std::to_string(least));
    return std::nullopt;
}

std::optional<Path> FieldReader::path(std::string_view name)
{
    const auto written = text(name);
    if (!written)
        return std::nullopt;
    auto parsed = Path::parse(*written);
    if (parsed)
        return std::move(*parsed);
    fault(name, "is no path: " + parsed.error());
    return std::nullopt;
}

std::optional<Expression> FieldReader::expression(std::string_view name)
{
    const auto written = text(name);
    if (!written)
        return std::nullopt;
    auto parsed = Expression::parse(*written);
    if (parsed)
        return std::move(*parsed);
    fault(name, "is malformed: " + parsed.error());
    return std::nullopt;
}

const json::object *FieldReader::object(std::string_view name)
{
    const json::value *found = value(name);
    if (found && !found->is_object())
        fault(name, "must be an object");
    return found ? found->if_object() : nullptr;
}

const json::array *FieldReader::array(std::string_view name)
{
    const json::value *found = value(name);
    if (found && !found->is_array())
        fault(name, "must be an array");
    return found ? found->if_array() : nullptr;
}

std::vector<std::string> FieldReader::texts(std::string_view name)
{
    std::vector<std::string> strings;
    const json::array *elements = array(name);
    if (!elements)
        return strings;
    for (const json::value &element : *elements) {
        if (const json::string *string = element.if_string())
            strings.emplace_back(*string);
    }
    if (strings.empty() || strings.size() != elements->size())
        fault(name, "must be an array of at least one string, and strings only");
    return strings;
}

void FieldReader::fault(std::string_view name, std::string_view message)
{
    m_faults.push_back({pointerOf(name), m_subject + ": " + std::string(name) + " " + std::string(message) + "."});
}

void FieldReader::fault(std::string_view message)
{
    m_faults.push_back({m_pointer, m_subject + ": " + std::string(message) + "."});
}

void FieldReader::require(std::string_view name)
{
    if (!has(name))
        m_faults.push_back({pointerOf(name), m_subject + ": " + std::string(name) + " is missing."});
}

void FieldReader::exclude(std::string_view name, std::string_view other)
{
    if (has(name) && has(other))
        fault(name, "cannot stand beside " + std::string(other));
}

void FieldReader::refuseOthers()
{
    for (const json::key_value_pair &member : m_object) {
        if (std::ranges::find(m_known, std::string_view(member.key())) == m_known.end())
            fault(member.key(), "is not known here");
    }
}

} // namespace brewline::workflow
