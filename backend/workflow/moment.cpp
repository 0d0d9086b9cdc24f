// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/moment.h"

namespace brewline::workflow {

std::optional<Moment> Moment::fromText(std::string_view text)
{
    constexpr std::size_t separator = 10;
    constexpr std::size_t fraction = 19;
    if (text.size() <= fraction || text[separator] != 'T' || text.ends_with('z'))
        return std::nullopt;
    const auto time = timestampFromRfc3339(text);
    if (!time)
        return std::nullopt;
    Moment moment{*time, 0};
    if (text[fraction] != '.')
        return moment;
    const auto digitAt = [text](std::size_t i) {
        return i < text.size() && text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : -1;
    };
    std::size_t position = fraction + 1;
    bool ended = false;
    for (int place = 0; place < 9; ++place) {
        ended = ended || digitAt(position) < 0;
        const int digit = ended ? 0 : digitAt(position++);
        if (place >= 3)
            moment.nanoseconds = moment.nanoseconds * 10 + digit;
    }
    return moment;
}

} // namespace brewline::workflow
