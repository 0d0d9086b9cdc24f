// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/random.h"
#include "core/uuid.h"
#include "support/fakerandom.h"
#include "support/printing.h"

#include <QTest>

#include <set>

using namespace brewline;

namespace {

/// Gives the bytes 0, 1, 2, ...
class CountingRandom final : public Random {
public:
    explicit CountingRandom(std::uint8_t first = 0)
        : m_next(first)
    {
    }
    void fill(std::span<std::uint8_t> bytes) override
    {
        for (std::uint8_t &byte : bytes)
            byte = m_next++;
    }

private:
    std::uint8_t m_next;
};

} // namespace

class UuidTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isMadeOfTheTimeAndOfRandomBits()
    {
        CountingRandom random;
        QCOMPARE(uuidV7(timestampFromMilliseconds(0x0123456789ab), random),
                 std::string("01234567-89ab-7607-8809-0a0b0c0d0e0f"));
    }

    void versionAndVariantStandWhateverTheBits()
    {
        CountingRandom random(0xf0);
        QCOMPARE(uuidV7(timestampFromMilliseconds(0), random), std::string("00000000-0000-76f7-b8f9-fafbfcfdfeff"));
    }

    void laterOnesSortBehindEarlierOnes()
    {
        test::FakeRandom random;
        std::string last;
        for (int i = 0; i < 1000; ++i) {
            const std::string next = uuidV7(timestampFromMilliseconds(1'795'251'600'000 + i), random);
            QVERIFY(last < next);
            last = next;
        }
    }

    void differWithinOneMillisecond()
    {
        test::FakeRandom random;
        std::set<std::string> seen;
        for (int i = 0; i < 1000; ++i)
            seen.insert(uuidV7(timestampFromMilliseconds(0), random));
        QCOMPARE(seen.size(), std::size_t(1000));
    }

    void knowsTheFormOfAUuid_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("is");
        QTest::newRow("version 7") << QByteArray("01234567-89ab-7607-8809-0a0b0c0d0e0f") << true;
        QTest::newRow("upper case") << QByteArray("01234567-89AB-7607-8809-0a0b0c0d0e0f") << false;
        QTest::newRow("empty") << QByteArray() << false;
        QTest::newRow("short") << QByteArray("01234567-89ab-7607-8809-0a0b0c0d0e0") << false;
        QTest::newRow("long") << QByteArray("01234567-89ab-7607-8809-0a0b0c0d0e0f0") << false;
        QTest::newRow("dash misplaced") << QByteArray("0123456-789ab-7607-8809-0a0b0c0d0e0f") << false;
        QTest::newRow("no digit") << QByteArray("01234567-89ab-7607-8809-0a0b0c0d0e0g") << false;
        QTest::newRow("path") << QByteArray("../../../etc/passwd-aaaaaaaaaaaaaaaa") << false;
    }
    void knowsTheFormOfAUuid()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, is);
        QCOMPARE(isUuid(text.toStdString()), is);
    }

    void numbersBelowABoundAreUniform()
    {
        test::FakeRandom random;
        std::array<int, 23> counts{};
        for (int i = 0; i < 23'000; ++i)
            ++counts.at(random.below(23));
        for (const int count : counts)
            QVERIFY2(count > 850 && count < 1150, std::to_string(count).c_str());
    }

    void bytesThatWouldFavourSmallNumbersAreThrownAway()
    {
        CountingRandom random(253); // 253, 254 and 255 are beyond 11 * 23; then comes 0
        QCOMPARE(random.below(23), 0u);
        QCOMPARE(random.below(23), 1u);
    }

    void everyBoundUpToAByteWorks()
    {
        test::FakeRandom random;
        QCOMPARE(random.below(1), 0u);
        for (int i = 0; i < 1000; ++i)
            QVERIFY(random.below(256) < 256);
    }

    void textsAreOfTheirAlphabet()
    {
        SystemRandom random;
        const std::string text = random.text(200, "ab");
        QCOMPARE(text.size(), std::size_t(200));
        QCOMPARE(text.find_first_not_of("ab"), std::string::npos);
        QVERIFY(text.find('a') != std::string::npos && text.find('b') != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(UuidTest)
#include "tst_uuid.moc"
