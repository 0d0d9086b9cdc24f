// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "e2e/answers.h"
#include "e2e/booth.h"

#include <boost/json/array.hpp>

#include <QFile>
#include <QTest>

#include <future>

using namespace brewline::e2e;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

/// Longer than a commit takes by orders of magnitude.
constexpr auto longEnough = 400ms;

} // namespace

/// The backend on a disk that hangs or fails on command.
class TestDurability : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void nothingIsAcknowledgedBeforeTheDiskHasIt_data();
    void nothingIsAcknowledgedBeforeTheDiskHasIt();
    void failingDiskGives503AndItRecoversByItself_data();
    void failingDiskGives503AndItRecoversByItself();

private:
    void tellDisk(const QByteArray &word);
    static void addWrites();
    Answer write(const QString &what);

    std::unique_ptr<Booth> m_booth;
    Person m_ada;
    Person m_barista;
    std::string m_code;
    std::string m_order;
};

void TestDurability::init()
{
    m_booth = std::make_unique<Booth>();
    m_booth->backend().useFaultyDisk(m_booth->path(u"faults"_s));
    QVERIFY(m_booth->open());
    m_code = m_booth->code();
    m_ada = m_booth->guest("Ada");
    m_barista = m_booth->pair("barista", "Bo");
    m_order = textOf(m_booth->submit(m_booth->guest("Eve")), "id");
    QVERIFY(!m_order.empty());
}

void TestDurability::cleanup()
{
    tellDisk("work");
    m_booth.reset();
}

void TestDurability::tellDisk(const QByteArray &word)
{
    const QString name = m_booth->path(u"faults"_s);
    QFile file(name + u".new"_s);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(word);
    file.close();
    QCOMPARE(std::rename(qUtf8Printable(file.fileName()), qUtf8Printable(name)), 0);
}

void TestDurability::addWrites()
{
    QTest::addColumn<QString>("what");
    for (const char *what : {"guest", "scan", "claim", "state"})
        QTest::addRow("%s", what) << QString::fromLatin1(what);
}

Answer TestDurability::write(const QString &what)
{
    if (what == u"guest"_s)
        return m_booth->as({})->post("/v1/auth/guest", json::object{{"event", "ABC"}, {"name", "Max"}});
    if (what == u"scan"_s)
        return m_booth->as(m_ada)->post("/v1/events/ABC/orders", json::object{{"code", m_code}}, "scan-1");
    if (what == u"claim"_s)
        return m_booth->as(m_barista)->post("/v1/orders/" + m_order + "/claim");
    return m_booth->as(m_barista)->put("/v1/events/ABC/state", json::object{{"open", true}, {"paused", true}});
}

void TestDurability::nothingIsAcknowledgedBeforeTheDiskHasIt_data()
{
    addWrites();
}

void TestDurability::nothingIsAcknowledgedBeforeTheDiskHasIt()
{
    QFETCH(const QString, what);
    tellDisk("hold-syncs");
    auto answer = std::async(std::launch::async, [&] { return write(what); });
    const bool early = answer.wait_for(longEnough) == std::future_status::ready;
    // Reading goes on meanwhile, so it is the disk that the writing waits for.
    const Answer read = m_booth->as({})->get("/v1/events/ABC");
    tellDisk("work");
    QCOMPARE(answer.get().status / 100, 2);
    QVERIFY(!early);
    QCOMPARE(read.status, 200);
    QCOMPARE(read.json().at("paused"), json::value(false));
}

void TestDurability::failingDiskGives503AndItRecoversByItself_data()
{
    QTest::addColumn<QString>("fault");
    QTest::addColumn<QString>("problem");
    QTest::newRow("sync") << u"fail-syncs"_s << u"outcome-unknown"_s;
    QTest::newRow("write") << u"fail-writes"_s << QString();
}

void TestDurability::failingDiskGives503AndItRecoversByItself()
{
    QFETCH(const QString, fault);
    QFETCH(const QString, problem);
    tellDisk(fault.toUtf8());
    const Answer failed = write(u"scan"_s);
    const Answer alive = m_booth->as({})->get("/healthz");
    tellDisk("work");
    QCOMPARE(failed.status, 503);
    QCOMPARE(failed.headers.at("content-type"), "application/problem+json");
    QVERIFY(failed.headers.contains("retry-after"));
    if (!problem.isEmpty())
        QCOMPARE(failed.problem(), problem.toStdString());
    else
        QVERIFY(failed.problem() == "storage-unavailable" || failed.problem() == "outcome-unknown");
    QCOMPARE(alive.status, 200);

    // The key makes one order of it, whether the failed commit reached the disk or not.
    Answer repeated;
    QTRY_VERIFY_WITH_TIMEOUT((repeated = write(u"scan"_s)).status != 503, 10'000);
    QCOMPARE(repeated.status, 201);
    const json::object mine = m_booth->as(m_ada)->get("/v1/me/orders").json();
    QCOMPARE(mine.at("orders").as_array().size(), std::size_t(1));
    const std::string id = textOf(repeated.json(), "id");
    const Answer drink = m_booth->as(m_ada)->put("/v1/orders/" + id + "/drink", json::object{{"item", "espresso"}});
    QCOMPARE(drink.status, 200);
    QCOMPARE(numberOf(drink.json(), "number"), 2);
    QCOMPARE(m_booth->as({})->get("/readyz").status, 200);

    // And what it says now is what the file holds.
    const std::string before = timeless(m_booth->look(id));
    m_booth->backend().kill9();
    QVERIFY(m_booth->backend().start());
    QCOMPARE(timeless(m_booth->look(id)), before);
}

QTEST_GUILESS_MAIN(TestDurability)
#include "tst_e2e_durability.moc"
