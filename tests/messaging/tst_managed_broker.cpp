// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clock.h"
#include "core/random.h"
#include "messaging/managedbroker.h"
#include "messaging/testbroker.h"
#include "messaging/tokens.h"

#include <QFile>
#include <QFileInfo>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace brewline;
using namespace brewline::test;
using messaging::BrokerOptions;
using messaging::ManagedBroker;

namespace {

constexpr int patience = 10000; // ms

bool isAlive(qint64 pid)
{
    QFile status(u"/proc/%1/stat"_s.arg(pid));
    // A killed child that nobody waits for stays as a zombie: that is dead enough.
    return status.open(QIODevice::ReadOnly) && !status.readAll().contains(") Z ");
}

void killProcess(qint64 pid)
{
    ::kill(static_cast<pid_t>(pid), SIGKILL);
}

} // namespace

class ManagedBrokerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void servesThoseWithATokenOnAFreePort()
    {
        auto broker = served(options());
        QVERIFY(broker);
        QVERIFY(broker->port() != 0);
        QVERIFY(connects(broker->port(), testKey()));
        QVERIFY(!connects(broker->port(), foreignKey()));
    }

    void filesAreReadableByTheirUserAlone()
    {
        auto broker = served(options());
        QVERIFY(broker);
        const QFile::Permissions others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther |
                                          QFile::WriteOther | QFile::ExeOther;
        for (const QString &name : {u"."_s, u"key"_s, u"mosquitto.conf"_s})
            QVERIFY2(!(QFile::permissions(brokerFolder() + u'/' + name) & others), qPrintable(name));
        QCOMPARE(QFileInfo(brokerFolder() + u"/key"_s).size(), 32);
    }

    void folderWithSpacesWorks()
    {
        BrokerOptions it = options();
        it.folder = m_folder->filePath(u"my own broker"_s);
        auto broker = served(it);
        QVERIFY(broker);
        QVERIFY(connects(broker->port(), testKey()));
    }

    void killedBrokerComesBackOnTheSamePort()
    {
        auto broker = served(options());
        QVERIFY(broker);
        const auto port = broker->port();
        QSignalSpy ready(broker.get(), &ManagedBroker::ready);
        QSignalSpy died(broker.get(), &ManagedBroker::died);
        for (int times = 1; times <= 3; ++times) {
            killProcess(broker->processId());
            QTRY_COMPARE_WITH_TIMEOUT(ready.count(), times, patience);
            QCOMPARE(died.count(), times);
            QCOMPARE(broker->port(), port);
            QVERIFY(connects(port, testKey()));
        }
    }

    void deletedFolderIsMadeAgain()
    {
        auto broker = served(options());
        QVERIFY(broker);
        QSignalSpy ready(broker.get(), &ManagedBroker::ready);
        QVERIFY(QDir(brokerFolder()).removeRecursively());
        killProcess(broker->processId());
        QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, patience);
        QVERIFY(connects(broker->port(), testKey()));
    }

    void portTakenDuringARestartIsWaitedFor()
    {
        auto broker = served(options());
        QVERIFY(broker);
        QSignalSpy ready(broker.get(), &ManagedBroker::ready);
        QSignalSpy failed(broker.get(), &ManagedBroker::failed);
        QSignalSpy died(broker.get(), &ManagedBroker::died);
        QTcpServer thief;
        connect(broker.get(), &ManagedBroker::died, this,
                [&] { thief.listen(QHostAddress::LocalHost, broker->port()); });
        killProcess(broker->processId());
        QTRY_COMPARE(died.count(), 1);
        QVERIFY(thief.isListening());
        QVERIFY(!ready.wait(1000));
        thief.close();
        QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, patience);
        QCOMPARE(failed.count(), 0);
    }

    void takenPortFailsWithASentence()
    {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        BrokerOptions it = options();
        it.port = other.serverPort();
        auto broker = created(it);
        QSignalSpy ready(broker.get(), &ManagedBroker::ready);
        QSignalSpy failed(broker.get(), &ManagedBroker::failed);
        broker->start();
        QVERIFY(failed.wait(patience));
        const QString sentence = failed.first().at(0).toString();
        QVERIFY2(sentence.contains(QString::number(it.port)) && sentence.contains(u"another program uses"_s),
                 qPrintable(sentence));
        QCOMPARE(ready.count(), 0);
        QCOMPARE(broker->processId(), 0);
    }

    void unusableOptionsAreNamed()
    {
        BrokerOptions it = options();
        it.program = u"/nowhere/mosquitto"_s;
        QCOMPARE(problemOf(it).code, ErrorCode::InvalidConfiguration);
        QVERIFY(problemOf(it).detail.find("install the package mosquitto") != std::string::npos);

        const QByteArray path = qgetenv("PATH");
        qputenv("PATH", "/nowhere");
        auto broker = created(options());
        qputenv("PATH", path);
        QVERIFY(broker); // found in its sbin folder

        it = options();
        it.plugin = u"/nowhere/plugin.so"_s;
        QCOMPARE(problemOf(it).code, ErrorCode::InvalidConfiguration);
        it = options();
        it.address = u"localhost:1883"_s;
        QCOMPARE(problemOf(it).code, ErrorCode::InvalidConfiguration);
        it = options();
        it.folder = u"a\nallow_anonymous true"_s;
        QCOMPARE(problemOf(it).code, ErrorCode::InvalidConfiguration);
    }

    void unwritableFolderAndForeignAddressFailWithASentence()
    {
        BrokerOptions it = options();
        it.folder = u"/proc/broker"_s;
        QVERIFY(failureOf(it).contains(u"/proc/broker"_s));
        it = options();
        it.address = u"192.0.2.1"_s;
        QVERIFY(!failureOf(it).isEmpty());
        it.port = 18883;
        QVERIFY(!failureOf(it).isEmpty());
    }

    void stopEndsItForGood()
    {
        auto broker = served(options());
        QVERIFY(broker);
        QSignalSpy stopped(broker.get(), &ManagedBroker::stopped);
        QSignalSpy ready(broker.get(), &ManagedBroker::ready);
        const auto pid = broker->processId();
        broker->stop();
        QVERIFY(stopped.wait(patience));
        QVERIFY(!isAlive(pid));
        QVERIFY(!ready.wait(800));
        broker->stop();
        QVERIFY(stopped.wait(patience));
    }

    void frozenBrokerIsStoppedToo()
    {
        auto broker = served(options());
        QVERIFY(broker);
        const auto pid = broker->processId();
        ::kill(static_cast<pid_t>(pid), SIGSTOP);
        QSignalSpy stopped(broker.get(), &ManagedBroker::stopped);
        broker->stop();
        QVERIFY(stopped.wait(patience));
        QVERIFY(!isAlive(pid));
    }

    void destructionEndsIt()
    {
        auto broker = served(options());
        QVERIFY(broker);
        const auto pid = broker->processId();
        broker.reset();
        QVERIFY(!isAlive(pid));
    }

    void killedParentTakesTheBrokerWithIt()
    {
        QProcess parent;
        parent.start(QCoreApplication::applicationDirPath() + u"/brokerparent"_s, {plugin(), brokerFolder()});
        QTRY_VERIFY_WITH_TIMEOUT(parent.canReadLine(), patience);
        const auto words = parent.readLine().trimmed().split(' ');
        const qint64 pid = words.at(0).toLongLong();
        const auto port = words.at(1).toUShort();
        QVERIFY(isAlive(pid));
        QVERIFY(connects(port, testKey(), /*expected*/ false)); // it answers, though the key is another
        parent.kill();
        QTRY_VERIFY(!isAlive(pid));
        QTcpSocket socket;
        socket.connectToHost(u"127.0.0.1"_s, port);
        QVERIFY(!socket.waitForConnected(1000));
        parent.waitForFinished();
    }

    void interruptOfTheTerminalDoesNotReachIt()
    {
        auto broker = served(options());
        QVERIFY(broker);
        QVERIFY(::getpgid(static_cast<pid_t>(broker->processId())) != ::getpgrp());
    }

private:
    static QString plugin() { return qEnvironmentVariable("BREWLINE_BIN") + u"/brewline-broker-auth.so"_s; }
    [[nodiscard]] QString brokerFolder() const { return m_folder->filePath(u"broker"_s); }

    [[nodiscard]] BrokerOptions options() const
    {
        BrokerOptions result;
        result.folder = brokerFolder();
        result.address = u"127.0.0.1"_s;
        result.key = testKey();
        result.plugin = plugin();
        return result;
    }

    std::unique_ptr<ManagedBroker> created(const BrokerOptions &options)
    {
        auto broker = ManagedBroker::create(options, m_clock, m_random);
        return broker ? std::move(*broker) : nullptr;
    }

    std::unique_ptr<ManagedBroker> served(const BrokerOptions &options)
    {
        auto broker = created(options);
        if (!broker)
            return nullptr;
        QSignalSpy ready(broker.get(), &ManagedBroker::ready);
        broker->start();
        return ready.wait(patience) ? std::move(broker) : nullptr;
    }

    Error problemOf(const BrokerOptions &options)
    {
        auto broker = ManagedBroker::create(options, m_clock, m_random);
        return broker ? Error{} : broker.error();
    }

    QString failureOf(const BrokerOptions &options)
    {
        auto broker = created(options);
        QSignalSpy failed(broker.get(), &ManagedBroker::failed);
        broker->start();
        if (failed.isEmpty())
            failed.wait(patience);
        return failed.isEmpty() ? QString() : failed.first().at(0).toString();
    }

    /// Whether a client with a token of \a key gets in, as \a expected.
    static bool connects(std::uint16_t port, const brokerauth::Key &key, bool expected = true)
    {
        TokenRecipe recipe;
        recipe.key = key;
        auto client = mqtt::makeClient();
        QSignalSpy failed(client.get(), &mqtt::Client::connectFailed);
        const bool in = connectAndWait(*client, {"127.0.0.1", port, recipe.sub, recipe.sub, makeToken(recipe)});
        if (expected)
            return in;
        return !in && !failed.isEmpty() && failed.first().at(0).toInt() >= 0x80;
    }

    SystemClock m_clock;
    SystemRandom m_random;
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(ManagedBrokerTest)
#include "tst_managed_broker.moc"
