// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/backendaccess.h"
#include "ctl/commandline.h"
#include "support/printing.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace brewline;
using namespace Qt::StringLiterals;
using ctl::readCommandLine;

class CommandLineTest : public QObject {
    Q_OBJECT

private:
    static void writeFile(const QString &path, const QByteArray &text)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

private Q_SLOTS:
    void wordsAndOptionsAreReadInAnyOrder_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("options last") << QStringList{u"orders"_s, u"ABC"_s, u"--state"_s, u"ready"_s, u"--json"_s};
        QTest::newRow("options first") << QStringList{u"--json"_s, u"--state=ready"_s, u"orders"_s, u"ABC"_s};
        QTest::newRow("between") << QStringList{u"orders"_s, u"--state"_s, u"ready"_s, u"ABC"_s, u"--json"_s};
    }
    void wordsAndOptionsAreReadInAnyOrder()
    {
        QFETCH(QStringList, arguments);
        const auto line = readCommandLine(arguments);
        QVERIFY2(line, line ? "" : line.error().detail.c_str());
        QCOMPARE(line->command, u"orders"_s);
        QCOMPARE(line->words, QStringList{u"ABC"_s});
        QCOMPARE(line->option(u"state"_s), u"ready"_s);
        QVERIFY(line->options.contains(u"json"_s));
        QCOMPARE(line->option(u"reason"_s, u"none"_s), u"none"_s);
    }

    void everyCommandIsUnderstood_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text : {"pair --event ABC --role display", "open ABC", "close ABC", "close ABC --reason=Late",
                                 "pause ABC --reason Milk", "orders ABC", "status", "--data /tmp/x status"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }
    void everyCommandIsUnderstood()
    {
        QFETCH(QString, text);
        const auto line = readCommandLine(text.split(u' '));
        QVERIFY2(line, line ? "" : line.error().detail.c_str());
        QVERIFY(text.contains(line->command));
    }

    void helpIsGivenWhenAskedForAndWhenNothingIsTyped()
    {
        QCOMPARE(readCommandLine({})->command, u"help"_s);
        QCOMPARE(readCommandLine({u"help"_s})->command, u"help"_s);
        QCOMPARE(readCommandLine({u"--help"_s})->command, u"help"_s);
        QCOMPARE(readCommandLine({u"open"_s, u"--help"_s})->command, u"help"_s);
        QCOMPARE(readCommandLine({u"--version"_s})->command, u"version"_s);
        QCOMPARE(readCommandLine({u"version"_s})->command, u"version"_s);
    }

    void aWrongLineIsExplained_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("problem");
        const auto row = [](const char *text, const char *problem) {
            QTest::newRow(text) << QString::fromLatin1(text) << QString::fromLatin1(problem);
        };
        row("frobnicate", "There is no command \"frobnicate\"");
        row("open ABC --colour red", "There is no option --colour");
        row("orders ABC --", "There is no option --");
        row("pair --event", "--event needs a value");
        row("pair --event --role display", "--event needs a value");
        row("orders ABC --json=yes", "--json takes no value");
        row("pair --event ABC", "Use: brewlinectl pair --event E --role R");
        row("pair --event= --role display", "Use: brewlinectl pair");
        row("pair ABC --event ABC --role display", "Use: brewlinectl pair");
        row("open", "Use: brewlinectl open E");
        row("open ABC DEF", "Use: brewlinectl open E");
        row("open ABC --state ready", "Use: brewlinectl open E");
        row("orders", "Use: brewlinectl orders E");
        row("status ABC", "Use: brewlinectl status");
    }
    void aWrongLineIsExplained()
    {
        QFETCH(QString, text);
        QFETCH(QString, problem);
        const auto line = readCommandLine(text.split(u' '));
        QCOMPARE(test::outcome(line), std::string("invalid-field"));
        QVERIFY2(QString::fromStdString(line.error().detail).contains(problem), line.error().detail.c_str());
    }

    void theUsageNamesEveryCommand()
    {
        for (const char *command : {"pair", "open", "close", "pause", "orders", "status", "help", "version"})
            QVERIFY2(ctl::usage().contains(QLatin1StringView(command)), command);
    }

    void theBackendIsFoundByItsFiles()
    {
        const QTemporaryDir folder;
        writeFile(folder.filePath(u"backend.json"_s),
                  "{\"ready\":true,\"http\":\"http://127.0.0.1:8080\",\"mqtt\":\"mqtt://127.0.0.1:1884\"}");
        writeFile(folder.filePath(u"organiser.token"_s), "token\n");
        const auto access = ctl::findBackend(folder.path());
        QVERIFY2(access, access ? "" : access.error().detail.c_str());
        QCOMPARE(access->http, QUrl(u"http://127.0.0.1:8080"_s));
        QCOMPARE(access->mqtt, u"mqtt://127.0.0.1:1884"_s);
        QCOMPARE(access->token, QByteArray("token"));
    }

    void whatIsMissingIsTold()
    {
        QVERIFY(ctl::findBackend({}).error().detail.find("--data") != std::string::npos);
        const QTemporaryDir folder;
        QVERIFY(ctl::findBackend(folder.path()).error().detail.find("backend.json") != std::string::npos);
        writeFile(folder.filePath(u"backend.json"_s), "{\"http\":\"http://127.0.0.1:8080\"}");
        QVERIFY(ctl::findBackend(folder.path()).error().detail.find("organiser.token") != std::string::npos);
    }

    void brokenFilesAreNotUsed_data()
    {
        QTest::addColumn<QByteArray>("backend");
        QTest::addColumn<QByteArray>("token");
        QTest::newRow("half a file") << QByteArray("{\"http\":") << QByteArray("token");
        QTest::newRow("no object") << QByteArray("[]") << QByteArray("token");
        QTest::newRow("no address") << QByteArray("{}") << QByteArray("token");
        QTest::newRow("no token") << QByteArray("{\"http\":\"http://127.0.0.1:8080\"}") << QByteArray("\n");
    }
    void brokenFilesAreNotUsed()
    {
        QFETCH(QByteArray, backend);
        QFETCH(QByteArray, token);
        const QTemporaryDir folder;
        writeFile(folder.filePath(u"backend.json"_s), backend);
        writeFile(folder.filePath(u"organiser.token"_s), token);
        const auto access = ctl::findBackend(folder.path());
        QCOMPARE(test::outcome(access), std::string("unreachable"));
        QVERIFY(access.error().detail.find("restart the backend") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(CommandLineTest)
#include "tst_commandline.moc"
