// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/codebucket.h"
#include "support/printing.h"

#include <QTest>

using namespace brewline;
using namespace std::chrono_literals;
using domain::CodeBucket;

class CodeBucketTest : public QObject {
    Q_OBJECT

private:
    static constexpr Timestamp start = timestampFromMilliseconds(1'795'251'600'000);

    static CodeBucket bucket()
    {
        domain::Event event;
        event.id = EventId("ABC");
        event.limits.codePeriod = 300s;
        event.limits.drinksPerCode = 7;
        return domain::openBucket(event, BucketId("b1"), "34679ACDEF", start);
    }

private Q_SLOTS:
    void opensForOnePeriodWithAllItsTokens()
    {
        const CodeBucket opened = bucket();
        QCOMPARE(opened.event.text(), std::string("ABC"));
        QCOMPARE(opened.startsAt, start);
        QCOMPARE(opened.endsAt, start + 300s);
        QCOMPARE(opened.tokensTotal, 7);
        QCOMPARE(opened.tokensLeft, 7);
    }

    void isShownFromItsStartToJustBeforeItsEnd()
    {
        const CodeBucket opened = bucket();
        QVERIFY(!opened.isCurrent(start - 1ms));
        QVERIFY(opened.isCurrent(start));
        QVERIFY(opened.isCurrent(start + 300s - 1ms));
        QVERIFY(!opened.isCurrent(start + 300s));
    }

    void scanJustAfterRollOverStillCounts()
    {
        const CodeBucket opened = bucket();
        QVERIFY(opened.acceptsScan(start + 300s, 20s));
        QVERIFY(opened.acceptsScan(start + 320s - 1ms, 20s));
        QVERIFY(!opened.acceptsScan(start + 320s, 20s));
    }

    void withoutGraceTheEndIsTheEnd()
    {
        QVERIFY(bucket().acceptsScan(start + 300s - 1ms, 0s));
        QVERIFY(!bucket().acceptsScan(start + 300s, 0s));
    }

    void noScanCountsBeforeTheStart() { QVERIFY(!bucket().acceptsScan(start - 1ms, 20s)); }

    void codesAreReadAsPeopleTypeThem()
    {
        for (const char *text : {"34679ACDEF", "34679acdef", "34679-ACDEF", " 34 67 9A CD EF ", "3-4-6-7-9-a-c-d-e-f"})
            QCOMPARE(domain::normalizedCode(text), std::optional(std::string("34679ACDEF")));
    }

    void whatCannotBeACodeIsNone()
    {
        for (const char *text : {"", "34679ACDE", "34679ACDEFG", "34679ACDE0", "34679ACDE/", "34679ACDE%", "34679ACDÄ",
                                 "' OR 1=1--", "----------"})
            QVERIFY2(!domain::normalizedCode(text), text);
        QVERIFY(!domain::normalizedCode(std::string(100'000, '3')));
    }

    void codesAreSpelledInTwoGroups() { QCOMPARE(domain::spelledCode("34679ACDEF"), std::string("34679-ACDEF")); }

    void theAlphabetHasNoLookalikes()
    {
        for (const char c : std::string("0OQ1IL2Z5S8BU"))
            QVERIFY2(domain::codeAlphabet.find(c) == std::string_view::npos, &c);
    }
};

QTEST_GUILESS_MAIN(CodeBucketTest)
#include "tst_codebucket.moc"
