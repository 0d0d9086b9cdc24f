// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mqtt/client.h"

#include <QProcess>
#include <QTemporaryDir>

#include <cstdint>

namespace brewline::test {

/// A port of the loopback that was free a moment ago.
std::uint16_t freePort();

/// The broker's program, wherever the distribution puts it.
QString mosquittoProgram();

/// A real mosquitto on a free port of the loopback, with its files in a temporary folder. Killed with this object.
class TestBroker {
public:
    /// \a configuration: further lines of mosquitto.conf; "%DIR%" in them stands for the folder.
    explicit TestBroker(QByteArray configuration = "allow_anonymous true\n");
    ~TestBroker();

    /// Starts (again, on the same port) and returns whether it serves.
    bool start();
    void kill();
    void freeze();
    void thaw();

    [[nodiscard]] std::uint16_t port() const { return m_port; }
    [[nodiscard]] QString path(const QString &name) const { return m_folder.filePath(name); }
    [[nodiscard]] bool isRunning() const { return m_process.state() == QProcess::Running; }
    [[nodiscard]] mqtt::ConnectOptions options(const std::string &clientId) const;

private:
    bool waitUntilServing();

    QTemporaryDir m_folder;
    QByteArray m_configuration;
    QProcess m_process;
    std::uint16_t m_port = 0;
};

/// Connects and waits for the answer.
bool connectAndWait(mqtt::Client &client, const mqtt::ConnectOptions &options);

/// Subscribes, waits and returns the reason code of the answer (-2 when none came).
int subscribeAndWait(mqtt::Client &client, const std::string &filter, int qos = 1);

/// Publishes, waits and returns the reason code of the answer (-2 when none came).
int publishAndWait(mqtt::Client &client, const mqtt::Message &message);

} // namespace brewline::test
