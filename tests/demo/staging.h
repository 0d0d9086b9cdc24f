// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/restclient.h"
#include "core/id.h"
#include "core/result.h"
#include "core/role.h"
#include "mqtt/message.h"

#include <QByteArray>
#include <QUrl>

#include <cstdint>
#include <string>

namespace brewline::demo {

class StopSignals;

/// Somebody, or a device, as the backend let them in.
struct Account {
    UserId id;
    std::string name;
    QByteArray token;
};

/// Where the backend is, as its ready line told.
struct Address {
    QUrl http;
    std::uint16_t mqttPort = 0;
};

/// How \a account connects to the broker; each call gives another client id.
mqtt::ConnectOptions mqttOptions(const Address &address, const Account &account);

/// What has to be done at a bar before the first visitor comes. Each call waits for its answer in the event loop.
class Staging {
public:
    Staging(const QUrl &server, EventId event, const QByteArray &organiserToken, const StopSignals &signals);

    [[nodiscard]] Result<Account> pair(Role role, const std::string &device);
    [[nodiscard]] Result<Account> guest(const std::string &name);
    [[nodiscard]] Result<void> open();
    /// The code that \a display shows: the answer of GET /v1/events/{event}/code.
    [[nodiscard]] Result<boost::json::object> code(const Account &display);

private:
    [[nodiscard]] QString eventPath(const QString &rest) const;

    EventId m_event;
    const StopSignals &m_signals;
    client::RestClient m_organiser;
    client::RestClient m_anybody;
    QUrl m_server;
};

} // namespace brewline::demo
