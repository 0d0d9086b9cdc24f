// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QTcpServer>
#include <QTemporaryDir>

#include <cstdint>

namespace brewline::e2e {

/// A port of the loopback that was free a moment ago.
std::uint16_t freePort();

/// A mosquitto that asks nobody who they are and drops nothing: an external broker for a backend. It serves on the same
/// port after each start.
class PlainBroker {
public:
    PlainBroker();
    ~PlainBroker();

    bool start();
    void kill();
    [[nodiscard]] std::uint16_t port() const { return m_port; }
    [[nodiscard]] QString url() const;

private:
    QTemporaryDir m_folder;
    QProcess m_process;
    std::uint16_t m_port = freePort();
};

/// A door between a backend and its broker that a test can shut: connections are cut, and new ones are refused.
class Gate : public QObject {
    Q_OBJECT
public:
    explicit Gate(std::uint16_t target);

    void open();
    void shut();
    [[nodiscard]] QString url() const;
    [[nodiscard]] int knocks() const { return m_knocks; } ///< connections that came while it was open

private:
    void pass();

    QTcpServer m_server;
    std::uint16_t m_target;
    std::uint16_t m_port = freePort();
    int m_knocks = 0;
};

} // namespace brewline::e2e
