// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "messaging/testbroker.h"

#include <QFile>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <csignal>

#include <pwd.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace brewline::test {

namespace {

constexpr int patience = 5000; // ms

} // namespace

std::uint16_t freePort()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost, 0);
    return server.serverPort();
}

QString mosquittoProgram()
{
    const QString onPath = QStandardPaths::findExecutable(u"mosquitto"_s);
    return onPath.isEmpty() ? QStandardPaths::findExecutable(u"mosquitto"_s, {u"/usr/sbin"_s, u"/usr/local/sbin"_s})
                            : onPath;
}

TestBroker::TestBroker(QByteArray configuration)
    : m_configuration(std::move(configuration))
{
    m_process.setStandardErrorFile(path(u"log"_s));
}

TestBroker::~TestBroker()
{
    kill();
}

bool TestBroker::start()
{
    if (m_port == 0)
        m_port = freePort();
    QByteArray lines = m_configuration;
    lines.replace("%DIR%", m_folder.path().toLocal8Bit());
    QFile file(path(u"mosquitto.conf"_s));
    if (!file.open(QIODevice::WriteOnly))
        return false;
    file.write("listener " + QByteArray::number(m_port) + " 127.0.0.1\nuser ");
    file.write(getpwuid(geteuid())->pw_name);
    file.write("\nlog_dest stderr\nlog_type error\nconnection_messages false\nset_tcp_nodelay true\n" + lines);
    file.close();
    m_process.start(mosquittoProgram(), {u"-c"_s, file.fileName()});
    return m_process.waitForStarted(patience) && waitUntilServing();
}

bool TestBroker::waitUntilServing()
{
    return QTest::qWaitFor(
               [this] {
                   QTcpSocket socket;
                   socket.connectToHost(QHostAddress(QHostAddress::LocalHost), m_port);
                   return socket.waitForConnected(100) || m_process.state() == QProcess::NotRunning;
               },
               patience) &&
           isRunning();
}

void TestBroker::kill()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.kill();
    m_process.waitForFinished(patience);
}

void TestBroker::freeze()
{
    ::kill(static_cast<pid_t>(m_process.processId()), SIGSTOP);
}

void TestBroker::thaw()
{
    ::kill(static_cast<pid_t>(m_process.processId()), SIGCONT);
}

mqtt::ConnectOptions TestBroker::options(const std::string &clientId) const
{
    return {"127.0.0.1", m_port, clientId};
}

bool connectAndWait(mqtt::Client &client, const mqtt::ConnectOptions &options)
{
    QSignalSpy failed(&client, &mqtt::Client::connectFailed);
    client.connectToBroker(options);
    return QTest::qWaitFor([&] { return client.isConnected() || !failed.isEmpty(); }, patience) && client.isConnected();
}

int subscribeAndWait(mqtt::Client &client, const std::string &filter, int qos)
{
    QSignalSpy answers(&client, &mqtt::Client::subscribed);
    client.subscribe(filter, qos);
    return answers.wait(patience) ? answers.first().at(1).toInt() : -2;
}

int publishAndWait(mqtt::Client &client, const mqtt::Message &message)
{
    QSignalSpy answers(&client, &mqtt::Client::published);
    client.publish(message);
    return answers.wait(patience) ? answers.first().at(1).toInt() : -2;
}

} // namespace brewline::test
