// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/result.h"

#include <QString>

#include <array>
#include <cstdint>
#include <string>

namespace brewline::messaging {

/// What the managed broker is to be.
struct BrokerOptions {
    QString folder;                     ///< its own; made (0700) when missing, files in it are overwritten
    QString address;                    ///< IPv4 or IPv6 address to listen on; all of them: "0.0.0.0" or "::"
    std::uint16_t port = 0;             ///< 0: a free one is chosen
    std::array<std::uint8_t, 32> key{}; ///< that signs the tokens
    QString plugin = {};  ///< brewline-broker-auth.so; empty: beside the running program, or where installed
    QString program = {}; ///< mosquitto; empty: on PATH or in an sbin folder
};

/// Fills in what \a options leave open and checks the rest; InvalidConfiguration says in a sentence what is missing.
Result<BrokerOptions> completed(BrokerOptions options);

/// The text of mosquitto.conf for \a options, with a port that is not 0. \a clock dates the tokens, in the broker, too.
std::string brokerConfiguration(const BrokerOptions &options, const Clock &clock);

/// Makes the folder and writes mosquitto.conf and the key into it, readable by this user alone.
/// Returns the path of the configuration; InvalidConfiguration when the folder cannot be written.
Result<QString> writeBrokerFiles(const BrokerOptions &options, const Clock &clock);

} // namespace brewline::messaging
