// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <jansson.h>

#include <memory>
#include <optional>
#include <string>

namespace brewline::brokerauth {

struct JsonDeleter {
    void operator()(json_t *json) const { json_decref(json); }
};
/// Owns a reference to a value of Jansson, which libjwt brings along.
using Json = std::unique_ptr<json_t, JsonDeleter>;

/// The text of a JSON string, or nothing for anything else (a null pointer, too).
inline std::optional<std::string> textOf(const json_t *json)
{
    if (!json_is_string(json))
        return std::nullopt;
    return std::string(json_string_value(json), json_string_length(json));
}

} // namespace brewline::brokerauth
