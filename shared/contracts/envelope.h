// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/id.h"
#include "core/time.h"

#include <string>
#include <string_view>

namespace brewline {

/// One message on the event bus, in EventBridge's envelope.
struct Envelope {
    std::string id; ///< the same for every copy of one message, so that receivers can drop repeats
    std::string_view detailType;
    EventId event; ///< the envelope's \c account
    Timestamp time;
    std::int64_t stream =
        0; ///< rises with every message of the backend; the pulse names the newest of each shared topic
    std::string_view detail; ///< a JSON object as text: copies for several audiences are made of the same one
};

/// The bytes that are published.
std::string serialize(const Envelope &envelope);

} // namespace brewline
