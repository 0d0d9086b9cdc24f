// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/substitution.h"

#include "workflow/jsonvalue.h"

#include <algorithm>
#include <cctype>

namespace brewline::workflow {

namespace json = boost::json;

namespace {

class Substitution {
public:
    Substitution(const std::map<std::string, std::string> &values, std::vector<Fault> &faults)
        : m_values(values)
        , m_faults(faults)
    {
    }

    void apply(json::value &value, const std::string &pointer)
    {
        if (json::string *string = value.if_string()) {
            if (string->find("${") != json::string::npos)
                *string = replaced(*string, pointer);
        } else if (json::array *array = value.if_array()) {
            for (std::size_t i = 0; i < array->size(); ++i)
                apply((*array)[i], pointer + pointerStep(std::to_string(i)));
        } else if (json::object *object = value.if_object()) {
            for (json::key_value_pair &member : *object)
                apply(member.value(), pointer + pointerStep(member.key()));
        }
    }

private:
    std::string replaced(std::string_view text, const std::string &pointer)
    {
        std::string result;
        while (!text.empty()) {
            const std::size_t start = text.find("${");
            const std::size_t end = text.find('}', start == std::string_view::npos ? 0 : start);
            if (start == std::string_view::npos || end == std::string_view::npos)
                break;
            const std::string_view name = text.substr(start + 2, end - start - 2);
            result += text.substr(0, start);
            if (isName(name)) {
                result += valueOf(std::string(name), pointer);
                text.remove_prefix(end + 1);
            } else {
                result += "${";
                text.remove_prefix(start + 2);
            }
        }
        return result.append(text);
    }

    static bool isName(std::string_view text)
    {
        return !text.empty() && std::ranges::all_of(text, [](char c) {
            return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
        });
    }

    std::string valueOf(const std::string &name, const std::string &pointer)
    {
        const auto found = m_values.find(name);
        if (found != m_values.end())
            return found->second;
        m_faults.push_back({pointer, "There is no value for the substitution \"" + name + "\"."});
        return {};
    }

    const std::map<std::string, std::string> &m_values;
    std::vector<Fault> &m_faults;
};

} // namespace

void substitute(json::value &document, const std::map<std::string, std::string> &substitutions,
                std::vector<Fault> &faults)
{
    Substitution(substitutions, faults).apply(document, {});
}

} // namespace brewline::workflow
