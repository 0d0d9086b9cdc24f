// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "e2e/booth.h"
#include "e2e/listener.h"
#include "e2e/plainbroker.h"
#include "e2e/programs.h"

#include <QDir>
#include <QFile>
#include <QTcpServer>
#include <QTest>

#include <future>

#include <sqlite3.h>
#include <unistd.h>

using namespace brewline::e2e;
using namespace Qt::StringLiterals;
namespace json = boost::json;

/// Starting and stopping: what is wrong is said in one line, and nothing is left behind.
class TestService : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void wrongCommandLinesAreRefused_data();
    void wrongCommandLinesAreRefused();
    void unusableFoldersAreRefused();
    void foreignTokenKeyIsRefused();
    void takenHttpPortIsRefused();
    void takenMqttPortIsRefused();
    void missingBrokerIsRefused();
    void badEventFilesAreRefused_data();
    void badEventFilesAreRefused();
    void sameEventTwiceIsRefused();
    void secondBackendOnTheFolderIsRefused();
    void newerDatabaseIsRefused();
    void damagedDatabaseIsRefused();
    void helpAndVersionAreShown();
    void firstStartMakesTheDemoEvent();
    void termEndsItCleanly();
    void requestsUnderWayAreAnsweredBeforeItEnds();
    void outboxIsDrainedBeforeItEnds();
    void termWhileItStartsEndsItCleanly();
    void ctlNeedsABackend_data();
    void ctlNeedsABackend();
    void ctlTellsWhatTheBackendRefused();

private:
    QString folder() const { return m_folder->filePath(u"data"_s); }
    QString makeFile(const QString &name, const QByteArray &content) const;
    /// The backend on free ports and on our folder, with \a arguments besides.
    Ended start(const QStringList &arguments = {},
                const QProcessEnvironment &environment = QProcessEnvironment::systemEnvironment()) const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestService::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void TestService::cleanup()
{
    QTRY_VERIFY_WITH_TIMEOUT(processesWith(m_folder->path().toUtf8()).isEmpty(), 2000);
    m_folder.reset();
}

QString TestService::makeFile(const QString &name, const QByteArray &content) const
{
    const QString path = m_folder->filePath(name);
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("%s cannot be written.", qUtf8Printable(path));
    return path;
}

Ended TestService::start(const QStringList &arguments, const QProcessEnvironment &environment) const
{
    const QStringList usual{u"--data"_s, folder(), u"--http=127.0.0.1:0"_s, u"--mqtt=127.0.0.1:0"_s};
    return run(u"brewline-backend"_s, usual + arguments, environment);
}

void TestService::wrongCommandLinesAreRefused_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("words");
    QTest::newRow("no folder") << QStringList{} << u"--data DIR"_s;
    QTest::newRow("unknown option") << QStringList{u"--data"_s, u"x"_s, u"--port"_s, u"80"_s} << u"--port"_s;
    QTest::newRow("stray word") << QStringList{u"serve"_s} << u"\"serve\""_s;
    QTest::newRow("value missing") << QStringList{u"--data"_s} << u"--data needs a value"_s;
    QTest::newRow("no port") << QStringList{u"--data"_s, u"x"_s, u"--http"_s, u"127.0.0.1"_s} << u"--http"_s;
    QTest::newRow("port too high") << QStringList{u"--data"_s, u"x"_s, u"--mqtt"_s, u"127.0.0.1:70000"_s}
                                   << u"--mqtt"_s;
    QTest::newRow("no address") << QStringList{u"--data"_s, u"x"_s, u"--http"_s, u"booth:80"_s} << u"\"booth:80\""_s;
    QTest::newRow("public URL") << QStringList{u"--data"_s, u"x"_s, u"--public-url"_s, u"ftp://x"_s} << u"http://"_s;
    QTest::newRow("broker URL") << QStringList{u"--data"_s, u"x"_s, u"--broker"_s, u"amqp://x"_s} << u"mqtt://"_s;
}

void TestService::wrongCommandLinesAreRefused()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const QString, words);
    QVERIFY(run(u"brewline-backend"_s, arguments).isRefusal(words));
}

void TestService::unusableFoldersAreRefused()
{
    const QString file = makeFile(u"data"_s, "I am a file.");
    QVERIFY(start().isRefusal(u"is not a folder"_s));
    const QStringList below{u"--data"_s, file + u"/below"_s};
    QVERIFY(run(u"brewline-backend"_s, below).isRefusal(u"Cannot make the data folder"_s));
    // Its own files cannot be made where folders have their names.
    QVERIFY(QFile::remove(file));
    QVERIFY(QDir().mkpath(folder() + u"/lock"_s));
    QVERIFY(start().isRefusal(u"cannot be written"_s));
    if (::geteuid() == 0)
        return; // permissions do not bind root
    QVERIFY(QDir(folder()).removeRecursively());
    QVERIFY(QDir().mkpath(folder()));
    QVERIFY(QFile::setPermissions(folder(), QFile::ReadOwner | QFile::ExeOwner));
    QVERIFY(start().isRefusal(u"cannot be read and written"_s));
}

void TestService::foreignTokenKeyIsRefused()
{
    const QString key = makeFile(u"data/token.key"_s, "short");
    QVERIFY(QFile::setPermissions(key, QFile::ReadOwner | QFile::WriteOwner));
    QVERIFY(start().isRefusal(u"does not hold 32 bytes"_s));
    QVERIFY(QFile::setPermissions(key, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther));
    QVERIFY(start().isRefusal(u"can be read by others"_s));
}

void TestService::takenHttpPortIsRefused()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    const QString address = u"127.0.0.1:%1"_s.arg(server.serverPort());
    QVERIFY(start({u"--http"_s, address}).isRefusal(QString::number(server.serverPort())));
    QVERIFY(!QFile::exists(folder() + u"/backend.json"_s));
}

void TestService::takenMqttPortIsRefused()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    const QString address = u"127.0.0.1:%1"_s.arg(server.serverPort());
    QVERIFY(start({u"--mqtt"_s, address}).isRefusal(QString::number(server.serverPort())));
    QVERIFY(!QFile::exists(folder() + u"/backend.json"_s));
}

void TestService::missingBrokerIsRefused()
{
    QVERIFY(start({u"--mosquitto"_s, u"/nowhere/mosquitto"_s}).isRefusal(u"install the package mosquitto"_s));
    const QString impostor = makeFile(u"impostor"_s, "#!/bin/sh\nexit 3\n");
    QVERIFY(QFile::setPermissions(impostor, QFile::ReadOwner | QFile::ExeOwner));
    QVERIFY(start({u"--mosquitto"_s, impostor}).isRefusal(u"exit status 3"_s));
}

void TestService::badEventFilesAreRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("words");
    QTest::newRow("no TOML") << QByteArray("id = \"ABC\"\nname = \n") << u"bar.toml:2: "_s;
    QTest::newRow("unknown setting") << QByteArray("id = \"ABC\"\nname = \"Bar\"\n\ncolour = \"red\"\n[[menu]]\n"
                                                   "id = \"tea\"\nname = \"Tea\"\n")
                                     << u"bar.toml:4: There is no setting \"colour\""_s;
    QTest::newRow("out of range") << QByteArray("id = \"ABC\"\nname = \"Bar\"\n[limits]\ndrinksPerCode = 0\n[[menu]]\n"
                                                "id = \"tea\"\nname = \"Tea\"\n")
                                  << u"bar.toml:4: \"drinksPerCode\""_s;
    QTest::newRow("no menu") << QByteArray("id = \"ABC\"\nname = \"Bar\"\n") << u"bar.toml:1: "_s;
}

void TestService::badEventFilesAreRefused()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QString, words);
    const QString file = makeFile(u"bar.toml"_s, text);
    QVERIFY(start({u"--event"_s, file}).isRefusal(words));
    QVERIFY(start({u"--event"_s, u"/nowhere.toml"_s}).isRefusal(u"/nowhere.toml"_s));
}

void TestService::sameEventTwiceIsRefused()
{
    const QString first = makeFile(u"first.toml"_s, eventFile("ABC", {}));
    const QString second = makeFile(u"second.toml"_s, eventFile("ABC", {}));
    QVERIFY(start({u"--event"_s, first, u"--event"_s, second}).isRefusal(u"\"ABC\""_s));
}

void TestService::secondBackendOnTheFolderIsRefused()
{
    BackendProcess first(folder());
    QVERIFY(first.start());
    QVERIFY(start().isRefusal(u"in use by another backend"_s));
    QVERIFY(QFile::exists(first.file(u"backend.json"_s)));
    QCOMPARE(HttpClient(first.httpPort()).get("/readyz").status, 200);
}

void TestService::newerDatabaseIsRefused()
{
    QVERIFY(QDir().mkpath(folder()));
    sqlite3 *database = nullptr;
    QCOMPARE(sqlite3_open((folder() + u"/brewline.db"_s).toUtf8().constData(), &database), SQLITE_OK);
    QCOMPARE(sqlite3_exec(database, "PRAGMA user_version = 1000", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
    QVERIFY(start().isRefusal(u"schema 1000"_s));
}

void TestService::damagedDatabaseIsRefused()
{
    makeFile(u"data/brewline.db"_s, QByteArray(8192, 'x'));
    QVERIFY(start().isRefusal(u"brewline.db cannot be used"_s));
}

void TestService::helpAndVersionAreShown()
{
    for (const QString &name : {u"brewline-backend"_s, u"brewlinectl"_s}) {
        const Ended help = run(name, {u"--help"_s});
        QCOMPARE(help.status, 0);
        QVERIFY(help.output.startsWith(u"Usage: "_s + name));
        QVERIFY(help.errors.isEmpty());
        const Ended version = run(name, {u"--version"_s});
        QCOMPARE(version.status, 0);
        QVERIFY(version.output.startsWith(name + u' '));
    }
}

void TestService::firstStartMakesTheDemoEvent()
{
    BackendProcess backend(folder());
    QVERIFY(backend.start());
    QVERIFY(QFile::exists(backend.file(u"events/ABC.toml"_s)));
    const json::object event = HttpClient(backend.httpPort()).get("/v1/events/ABC").json();
    QCOMPARE(textOf(event, "id"), "ABC");
    QCOMPARE(QFile::permissions(folder()) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
}

void TestService::termEndsItCleanly()
{
    Booth booth;
    QVERIFY(booth.open());
    BackendProcess &backend = booth.backend();
    const Person ada = booth.guest("Ada");
    const std::string id = textOf(booth.submit(ada), "id");
    const pid_t broker = brokerOf(backend.processId());
    // A connection that is open but idle does not hold it up.
    const auto idle = booth.as(ada);
    QCOMPARE(idle->get("/v1/orders/" + id).status, 200);
    backend.terminate();
    QVERIFY(backend.waitForEnd(3000));
    QCOMPARE(backend.exitStatus(), 0);
    QVERIFY(!QFile::exists(backend.file(u"backend.json"_s)));
    QVERIFY(!isAlive(broker));
    QVERIFY(!QFile::exists(backend.file(u"brewline.db-wal"_s)));
    QVERIFY(backend.start());
    QCOMPARE(textOf(booth.look(id), "state"), "submitted");
}

void TestService::requestsUnderWayAreAnsweredBeforeItEnds()
{
    Booth booth;
    BackendProcess &backend = booth.backend();
    backend.useFaultyDisk(m_folder->filePath(u"faults"_s));
    QVERIFY(booth.open());
    const std::string code = booth.code();
    const Person ada = booth.guest("Ada");
    makeFile(u"faults"_s, "hold-syncs");
    auto answer = std::async(std::launch::async, [&] {
        return booth.as(ada)->post("/v1/events/ABC/orders", json::object{{"code", code}});
    });
    QVERIFY(answer.wait_for(std::chrono::milliseconds(300)) != std::future_status::ready);
    backend.terminate();
    QTRY_VERIFY(!QFile::exists(backend.file(u"backend.json"_s))); // it heard the signal
    QVERIFY(backend.isRunning());
    makeFile(u"faults"_s, "work");
    QVERIFY(backend.waitForEnd());
    QCOMPARE(answer.get().status, 201);
    QCOMPARE(backend.exitStatus(), 0);
}

void TestService::outboxIsDrainedBeforeItEnds()
{
    PlainBroker broker;
    QVERIFY(broker.start());
    Booth booth;
    booth.backend().setOption(u"--broker"_s, broker.url());
    QVERIFY(booth.open());
    Listener listener;
    QVERIFY(listener.connect(broker.port(), {"listener", {}}));
    QCOMPARE(listener.subscribe("brewline/ABC/staff"), 1);
    QTRY_COMPARE(booth.as({})->get("/readyz").status, 200);
    const Person barista = booth.pair("barista", "Bo");
    std::vector<std::string> ids;
    for (int i = 0; i < 8; ++i)
        ids.push_back(textOf(booth.submit(booth.guest("Ada")), "id"));
    for (const std::string &id : ids)
        QCOMPARE(booth.change(barista, id, "complete").status, 200);
    booth.backend().terminate();
    QVERIFY(booth.backend().waitForEnd());
    QCOMPARE(booth.backend().exitStatus(), 0);
    for (const std::string &id : ids)
        QVERIFY(listener.hearsOf(id, "ready"));

    sqlite3 *database = nullptr;
    const QByteArray file = booth.backend().file(u"brewline.db"_s).toUtf8();
    QCOMPARE(sqlite3_open_v2(file.constData(), &database, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
    sqlite3_stmt *count = nullptr;
    QCOMPARE(sqlite3_prepare_v2(database, "SELECT count(*) FROM outbox", -1, &count, nullptr), SQLITE_OK);
    QCOMPARE(sqlite3_step(count), SQLITE_ROW);
    QCOMPARE(sqlite3_column_int(count, 0), 0);
    sqlite3_finalize(count);
    sqlite3_close(database);
}

void TestService::termWhileItStartsEndsItCleanly()
{
    for (int milliseconds = 20; milliseconds <= 160; milliseconds += 10) {
        BackendProcess backend(folder());
        backend.launch();
        QTest::qWait(milliseconds); // at whatever it does then
        backend.terminate();
        QVERIFY(backend.waitForEnd(8000));
        // Before its handler stands the signal itself ends it.
        QVERIFY(backend.exitStatus() == 0 || backend.exitStatus() == -1);
        QVERIFY(!QFile::exists(backend.file(u"backend.json"_s)));
        QTRY_VERIFY_WITH_TIMEOUT(processesWith(folder().toUtf8()).isEmpty(), 2000);
    }
}

void TestService::ctlNeedsABackend_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("words");
    QTest::newRow("no folder") << QStringList{u"orders"_s, u"ABC"_s} << u"--data DIR"_s;
    QTest::newRow("no backend") << QStringList{u"--data"_s, u"/nowhere"_s, u"orders"_s, u"ABC"_s}
                                << u"Is the backend running"_s;
    QTest::newRow("unknown option") << QStringList{u"--colour"_s, u"red"_s} << u"--colour"_s;
    QTest::newRow("value missing") << QStringList{u"--data"_s} << u"--data needs a value"_s;
}

void TestService::ctlNeedsABackend()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const QString, words);
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.remove(u"BREWLINE_DATA"_s);
    QVERIFY(run(u"brewlinectl"_s, arguments, environment).isRefusal(words));
}

void TestService::ctlTellsWhatTheBackendRefused()
{
    Booth booth;
    QVERIFY(booth.open());
    const QString data = booth.backend().folder();
    QCOMPARE(ctl(data, {u"open"_s, u"XYZ"_s}).status, 1);
    QCOMPARE(ctl(data, {u"pair"_s, u"--event"_s, u"ABC"_s, u"--role"_s, u"king"_s}).status, 1);
    QVERIFY(ctl(data, {u"dance"_s}).isRefusal(u"There is no command \"dance\""_s));
    QVERIFY(ctl(data, {u"open"_s}).isRefusal(u"brewlinectl open E"_s));
    const Ended closed = ctl(data, {u"close"_s, u"ABC"_s, u"--reason"_s, u"Back at two"_s});
    QCOMPARE(closed.status, 0);
    QCOMPARE(closed.output, u"Bar ABC is closed.\n"_s);
    QCOMPARE(textOf(booth.as({})->get("/v1/events/ABC").json(), "reason"), "Back at two");
    // What a killed backend left behind misleads nobody.
    booth.backend().kill9();
    QVERIFY(ctl(data, {u"orders"_s, u"ABC"_s}).isRefusal(u"cannot be reached"_s));
}

QTEST_GUILESS_MAIN(TestService)
#include "tst_e2e_service.moc"
