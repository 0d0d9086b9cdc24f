// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/secret.h"
#include "identity/tokenkey.h"
#include "support/fakerandom.h"
#include "support/printing.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace brewline;
using namespace Qt::StringLiterals;
using identity::loadOrMakeTokenKey;

class SecretTest : public QObject {
    Q_OBJECT

private:
    static std::string pathIn(const QTemporaryDir &folder) { return folder.filePath(u"token.key"_s).toStdString(); }

    static void writeFile(const std::string &path, const QByteArray &bytes, mode_t mode)
    {
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
        file.close();
        QCOMPARE(::chmod(path.c_str(), mode), 0);
    }

private Q_SLOTS:
    void equalsComparesEveryByte()
    {
        QVERIFY(constantTimeEquals("", ""));
        QVERIFY(constantTimeEquals("secret", "secret"));
        QVERIFY(!constantTimeEquals("secret", "Secret"));
        QVERIFY(!constantTimeEquals("secret", "secreT"));
        QVERIFY(!constantTimeEquals("secret", "secret "));
        QVERIFY(!constantTimeEquals("secret", ""));
        const std::string zeros("a\0b", 3);
        QVERIFY(!constantTimeEquals(zeros, std::string("a\0c", 3)));
    }

    void hashIsTheStandards()
    {
        // FIPS 180-2, appendix B.1
        QCOMPARE(sha256Hex("abc"), std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        QCOMPARE(sha256Hex({}), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    }

    void hexadecimalHasTwoDigitsAByte()
    {
        const std::array<std::uint8_t, 3> bytes{0x00, 0x0f, 0xf0};
        QCOMPARE(toHex(bytes), std::string("000ff0"));
    }

    void theKeyIsMadeOnceAndReadAgain()
    {
        const QTemporaryDir folder;
        test::FakeRandom random;
        const auto made = loadOrMakeTokenKey(pathIn(folder), random);
        QVERIFY(made);
        const auto read = loadOrMakeTokenKey(pathIn(folder), random);
        QVERIFY(read);
        QCOMPARE(toHex(*read), toHex(*made));
    }

    void onlyTheOwnerCanReadTheKey()
    {
        const QTemporaryDir folder;
        test::FakeRandom random;
        const mode_t before = ::umask(0);
        const auto made = loadOrMakeTokenKey(pathIn(folder), random);
        ::umask(before);
        QVERIFY(made);
        struct stat status {};
        QCOMPARE(::stat(pathIn(folder).c_str(), &status), 0);
        QCOMPARE(int(status.st_mode & 0777), 0600);
    }

    void whatACrashLeftDoesNotMakeTheKeyReadable()
    {
        const QTemporaryDir folder;
        test::FakeRandom random;
        writeFile(pathIn(folder) + ".new", "half", 0644);
        QVERIFY(loadOrMakeTokenKey(pathIn(folder), random));
        QVERIFY2(loadOrMakeTokenKey(pathIn(folder), random), "the key that was just made is refused");
    }

    void aKeyThatOthersCanReadIsRefusedAndKept()
    {
        const QTemporaryDir folder;
        test::FakeRandom random;
        writeFile(pathIn(folder), QByteArray(32, 'k'), 0640);
        const auto key = loadOrMakeTokenKey(pathIn(folder), random);
        QCOMPARE(test::outcome(key), std::string("invalid-configuration"));
        QVERIFY(QString::fromStdString(key.error().detail).contains(u"chmod 600"_s));
        QCOMPARE(QFile(QString::fromStdString(pathIn(folder))).size(), 32);
    }

    void aKeyOfAnotherSizeIsRefusedAndKept_data()
    {
        QTest::addColumn<int>("size");
        QTest::newRow("empty") << 0;
        QTest::newRow("short") << 31;
        QTest::newRow("long") << 33;
    }
    void aKeyOfAnotherSizeIsRefusedAndKept()
    {
        QFETCH(int, size);
        const QTemporaryDir folder;
        test::FakeRandom random;
        writeFile(pathIn(folder), QByteArray(size, 'k'), 0600);
        QCOMPARE(test::outcome(loadOrMakeTokenKey(pathIn(folder), random)), std::string("invalid-configuration"));
        QCOMPARE(QFile(QString::fromStdString(pathIn(folder))).size(), size);
    }

    void aMissingFolderIsAnErrorThatNamesThePath()
    {
        test::FakeRandom random;
        const auto key = loadOrMakeTokenKey("/nonexistent/folder/token.key", random);
        QCOMPARE(test::outcome(key), std::string("invalid-configuration"));
        QVERIFY(QString::fromStdString(key.error().detail).contains(u"/nonexistent/folder/token.key"_s));
    }

    void aFolderInItsPlaceIsRefused()
    {
        const QTemporaryDir folder;
        test::FakeRandom random;
        QCOMPARE(::mkdir(pathIn(folder).c_str(), 0700), 0);
        QCOMPARE(test::outcome(loadOrMakeTokenKey(pathIn(folder), random)), std::string("invalid-configuration"));
    }
};

QTEST_GUILESS_MAIN(SecretTest)
#include "tst_secret.moc"
