// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "e2e/plainbroker.h"

#include <QFile>
#include <QStandardPaths>
#include <QTcpSocket>
#include <QTest>

#include <csignal>

#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace brewline::e2e {

using namespace Qt::StringLiterals;

namespace {

QString url(std::uint16_t port)
{
    return u"mqtt://127.0.0.1:%1"_s.arg(port);
}

QString mosquitto()
{
    const QString onPath = QStandardPaths::findExecutable(u"mosquitto"_s);
    return onPath.isEmpty() ? QStandardPaths::findExecutable(u"mosquitto"_s, {u"/usr/sbin"_s, u"/usr/local/sbin"_s})
                            : onPath;
}

} // namespace

std::uint16_t freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 0;
}

PlainBroker::PlainBroker()
{
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    m_process.setProcessChannelMode(QProcess::MergedChannels);
}

PlainBroker::~PlainBroker()
{
    kill();
}

bool PlainBroker::start()
{
    QFile file(m_folder.filePath(u"mosquitto.conf"_s));
    if (!file.open(QIODevice::WriteOnly))
        return false;
    // As root it would become another user and no longer be ended together with the test.
    const passwd *const user = ::getpwuid(::geteuid());
    if (user)
        file.write(QByteArray("user ") + user->pw_name + '\n');
    file.write("listener " + QByteArray::number(m_port) +
               " 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nmax_inflight_messages 0\n");
    file.close();
    m_process.start(mosquitto(), {u"-c"_s, file.fileName()});
    return QTest::qWaitFor(
        [this] {
            QTcpSocket probe;
            probe.connectToHost(QHostAddress(QHostAddress::LocalHost), m_port);
            return probe.waitForConnected(100);
        },
        10'000);
}

void PlainBroker::kill()
{
    m_process.kill();
    m_process.waitForFinished();
}

QString PlainBroker::url() const
{
    return e2e::url(m_port);
}

Gate::Gate(std::uint16_t target)
    : m_target(target)
{
    connect(&m_server, &QTcpServer::newConnection, this, &Gate::pass);
}

void Gate::open()
{
    if (!m_server.listen(QHostAddress::LocalHost, m_port))
        qFatal("The gate's port was taken.");
}

void Gate::shut()
{
    m_server.close();
    qDeleteAll(m_server.findChildren<QTcpSocket *>(Qt::FindDirectChildrenOnly));
}

QString Gate::url() const
{
    return e2e::url(m_port);
}

void Gate::pass()
{
    while (QTcpSocket *inside = m_server.nextPendingConnection()) {
        ++m_knocks;
        auto *outside = new QTcpSocket(inside);
        const auto join = [](QTcpSocket *from, QTcpSocket *to) {
            connect(from, &QTcpSocket::readyRead, to, [from, to] {
                if (to->state() == QAbstractSocket::ConnectedState)
                    to->write(from->readAll());
            });
            connect(from, &QTcpSocket::disconnected, to, &QTcpSocket::disconnectFromHost);
        };
        join(inside, outside);
        join(outside, inside);
        connect(outside, &QTcpSocket::connected, inside, [inside, outside] { outside->write(inside->readAll()); });
        connect(outside, &QTcpSocket::errorOccurred, inside, &QTcpSocket::disconnectFromHost);
        connect(inside, &QTcpSocket::disconnected, inside, &QObject::deleteLater);
        outside->connectToHost(QHostAddress(QHostAddress::LocalHost), m_target);
    }
}

} // namespace brewline::e2e
