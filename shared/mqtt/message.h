// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/time.h"

#include <QByteArray>
#include <QMetaType>

#include <cstdint>
#include <optional>
#include <string>

namespace brewline::mqtt {

/// One publication, outgoing or received.
struct Message {
    std::string topic; ///< UTF-8, without wildcards, at most 65,535 bytes
    QByteArray payload;
    int qos = 1; ///< 0 or 1 (2 works, but nothing in Brewline needs it)
    bool retain = false;

    friend bool operator==(const Message &, const Message &) = default;
};

/// What a client needs to know to connect. There are no persistent sessions: each connection starts clean.
struct ConnectOptions {
    std::string host; ///< name or IPv4/IPv6 address; names are resolved without blocking
    std::uint16_t port = 0;
    std::string clientId; ///< for Brewline's broker: `sub`, or `sub-` and 16 hexadecimal digits
    std::string userName = {};
    std::string password = {};
    Seconds keepAlive{5}; ///< at least 5 s; also the time a connection attempt may take
    std::optional<Message> will = std::nullopt;
};

} // namespace brewline::mqtt

Q_DECLARE_METATYPE(brewline::mqtt::Message)
