// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clock.h"
#include "core/time.h"
#include "support/printing.h"

#include <QTest>

using namespace brewline;

class TimeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void writesUtcWithMilliseconds_data()
    {
        QTest::addColumn<qint64>("milliseconds");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("epoch") << qint64(0) << QByteArray("1970-01-01T00:00:00.000Z");
        QTest::newRow("leading zeros") << qint64(1'795'251'600'007) << QByteArray("2026-11-21T09:00:00.007Z");
        QTest::newRow("before the epoch") << qint64(-1) << QByteArray("1969-12-31T23:59:59.999Z");
        QTest::newRow("leap day") << qint64(1'709'164'800'000) << QByteArray("2024-02-29T00:00:00.000Z");
    }
    void writesUtcWithMilliseconds()
    {
        QFETCH(qint64, milliseconds);
        QFETCH(QByteArray, text);
        const Timestamp time = timestampFromMilliseconds(milliseconds);
        QCOMPARE(toRfc3339(time), text.toStdString());
        QCOMPARE(timestampFromRfc3339(text.toStdString()), std::optional(time));
    }

    void readsEveryFormOfTheStandard_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("no fraction") << QByteArray("2026-11-21T09:00:00Z");
        QTest::newRow("lower case") << QByteArray("2026-11-21t09:00:00z");
        QTest::newRow("space") << QByteArray("2026-11-21 09:00:00Z");
        QTest::newRow("nine digits are cut") << QByteArray("2026-11-21T09:00:00.000999999Z");
        QTest::newRow("east") << QByteArray("2026-11-21T10:00:00+01:00");
        QTest::newRow("west, the day before") << QByteArray("2026-11-20T23:30:00-09:30");
        QTest::newRow("unknown offset") << QByteArray("2026-11-21T09:00:00-00:00");
    }
    void readsEveryFormOfTheStandard()
    {
        QFETCH(QByteArray, text);
        QCOMPARE(timestampFromRfc3339(text.toStdString()), std::optional(timestampFromMilliseconds(1'795'251'600'000)));
    }

    void oneDigitOfAFractionIsATenth()
    {
        QCOMPARE(timestampFromRfc3339("1970-01-01T00:00:00.5Z"), std::optional(timestampFromMilliseconds(500)));
    }

    void refusesWhatIsNoTime_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text :
             {"", "2026-11-21", "2026-11-21T09:00:00", "2026-02-29T09:00:00Z", "2026-13-01T09:00:00Z",
              "2026-00-01T09:00:00Z", "2026-11-00T09:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T09:60:00Z",
              "2026-11-21T09:00:61Z", "2026-11-21T09:00:00.Z", "2026-11-21T09:00:00.1234567890Z",
              "2026-11-21T09:00:00+24:00", "2026-11-21T09:00:00+0100", "2026-11-21T09:00:00Zx", " 2026-11-21T09:00:00Z",
              "+026-11-21T09:00:00Z", "2026-1-21T09:00:00Z", "26-11-21T09:00:00Z"})
            QTest::newRow(text) << QByteArray(text);
    }
    void refusesWhatIsNoTime()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!timestampFromRfc3339(text.toStdString()));
    }

    void theSystemsClockTellsTheWallTimeAndNeverGoesBack()
    {
        const SystemClock clock;
        const auto wall = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
        Timestamp last = clock.now();
        QVERIFY(std::chrono::abs(last - wall) < Seconds(5));
        for (int i = 0; i < 1000; ++i) {
            const Timestamp now = clock.now();
            QVERIFY(now >= last);
            last = now;
        }
    }
};

QTEST_GUILESS_MAIN(TimeTest)
#include "tst_time.moc"
