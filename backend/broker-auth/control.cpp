// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker-auth/control.h"

#include "broker-auth/json.h"

namespace brewline::brokerauth {

tl::expected<std::vector<std::string>, std::string> readRevocation(std::string_view payload)
{
    const auto refuse = [](const char *why) { return tl::unexpected<std::string>(why); };
    const Json root(json_loadb(payload.data(), payload.size(), JSON_REJECT_DUPLICATES, nullptr));
    if (!json_is_object(root.get()) || json_object_size(root.get()) != 1)
        return refuse("a command is a JSON object with the one member \"revoke\"");
    const json_t *list = json_object_get(root.get(), "revoke");
    if (!json_is_array(list))
        return refuse("\"revoke\" is not a list");
    std::vector<std::string> subjects;
    for (std::size_t i = 0; i < json_array_size(list); ++i) {
        const auto subject = textOf(json_array_get(list, i));
        if (!subject || subject->empty())
            return refuse("\"revoke\" holds something that is not a subject");
        subjects.push_back(*subject);
    }
    return subjects;
}

} // namespace brewline::brokerauth
