// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "contracts/jsonreader.h"
#include "support/printing.h"

#include <boost/json/parse.hpp>

#include <QTest>

using namespace brewline;

namespace {

boost::json::object object(std::string_view text)
{
    return boost::json::parse(text).as_object();
}

std::string pointerOf(const Result<void> &finished)
{
    return finished ? std::string("accepted") : finished.error().pointer;
}

std::string nested(int levels)
{
    std::string text = "{\"a\":";
    for (int i = 1; i < levels; ++i)
        text += '[';
    for (int i = 1; i < levels; ++i)
        text += ']';
    return text + '}';
}

} // namespace

class JsonReaderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void oneObjectIsReadAndNothingElse_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("good");
        const auto row = [](const char *name, const QByteArray &text, bool good) {
            QTest::newRow(name) << text << good;
        };
        row("empty object", "{}", true);
        row("space around it", " \r\n\t{} \n", true);
        row("nothing", "", false);
        row("space only", "  ", false);
        row("an array", "[]", false);
        row("a text", "\"a\"", false);
        row("null", "null", false);
        row("half", "{\"a\":1", false);
        row("something follows", "{} {}", false);
        row("a comment", "{} // no", false);
        row("trailing comma", "{\"a\":1,}", false);
        row("single quotes", "{'a':1}", false);
        row("not a number", "{\"a\":NaN}", false);
        row("byte order mark", "\xef\xbb\xbf{}", false);
        row("zero byte", QByteArray("{}\0", 3), false);
        row("bad UTF-8", "{\"a\":\"\xc3\x28\"}", false);
        row("overlong UTF-8", "{\"a\":\"\xc0\xaf\"}", false);
        row("half a surrogate pair", "{\"a\":\"\\ud800\"}", false);
        row("raw control character", "{\"a\":\"\n\"}", false);
        row("32 levels", QByteArray::fromStdString(nested(32)), true);
        row("33 levels", QByteArray::fromStdString(nested(33)), false);
        row("very deep", QByteArray::fromStdString(nested(30'000)), false);
    }
    void oneObjectIsReadAndNothingElse()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, good);
        QCOMPARE(test::outcome(parseJsonObject({text.data(), std::size_t(text.size())})),
                 std::string(good ? "ok" : "malformed-request"));
    }

    void readsWhatIsThere()
    {
        const auto body = object(R"({"t":"Ada","l":["a","b"],"n":3,"b":true,"o":"x"})");
        JsonReader reader(body);
        QCOMPARE(reader.text("t", 1, 10), std::string("Ada"));
        QCOMPARE(reader.textList("l", 2, 1), (std::vector<std::string>{"a", "b"}));
        QCOMPARE(reader.integer("n", 0, 3), 3);
        QCOMPARE(reader.boolean("b"), true);
        QCOMPARE(reader.optionalText("o", 1), std::optional(std::string("x")));
        QVERIFY(reader.finish());
    }

    void whatIsAbsentOrNullIsNothing()
    {
        const auto body = object(R"({"t":null,"n":null})");
        JsonReader reader(body);
        QVERIFY(!reader.optionalText("t", 10));
        QVERIFY(!reader.optionalInteger("n", 0, 1));
        QVERIFY(!reader.optionalBoolean("b"));
        QVERIFY(reader.textList("l", 1, 1).empty());
        QCOMPARE(reader.text("empty", 0, 1), std::string());
        QVERIFY(reader.finish());
    }

    void anUnknownFieldIsRefusedByItsPointer()
    {
        const auto body = object(R"({"t":"Ada","us/er~id":"somebody"})");
        JsonReader reader(body, "/deep");
        (void)reader.text("t", 1, 10);
        QCOMPARE(pointerOf(reader.finish()), std::string("/deep/us~1er~0id"));
    }

    void aMissingFieldIsNamed()
    {
        const auto body = object("{}");
        JsonReader reader(body);
        (void)reader.text("code", 1, 10);
        const auto finished = reader.finish();
        QCOMPARE(pointerOf(finished), std::string("/code"));
        QVERIFY(finished.error().detail.find("code") != std::string::npos);
    }

    void theFirstMistakeIsToldAndNothingIsReadAfterIt()
    {
        const auto body = object(R"({"a":1,"b":"text","c":[],"d":true})");
        JsonReader reader(body);
        QCOMPARE(reader.text("a", 1, 10), std::string());
        QCOMPARE(reader.text("b", 1, 10), std::string());
        QCOMPARE(reader.integer("c", 5, 7), 5);
        QCOMPARE(reader.boolean("d"), false);
        QCOMPARE(pointerOf(reader.finish()), std::string("/a"));
    }

    void wrongTypesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("pointer");
        const auto row = [](const char *text, const char *pointer) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(pointer);
        };
        row(R"({"text":5})", "/text");
        row(R"({"text":["a"]})", "/text");
        row(R"({"text":""})", "/text");
        row(R"({"text":"12345678901"})", "/text");
        row(R"({"text":"a\u0007"})", "/text");
        row(R"({"text":"a\u0000b"})", "/text");
        row(R"({"text":"a\u007f"})", "/text");
        row(R"({"text":"a\u009bb"})", "/text");
        row(R"({"list":"a"})", "/list");
        row(R"({"list":["a",5]})", "/list/1");
        row(R"({"list":["a","b\n"]})", "/list/1");
        row(R"({"list":["a","b\u0085"]})", "/list/1");
        row(R"({"list":["123456"]})", "/list/0");
        row(R"({"list":["a","b","c","d"]})", "/list");
        row(R"({"number":"1"})", "/number");
        row(R"({"number":1.5})", "/number");
        row(R"({"number":true})", "/number");
        row(R"({"number":-1})", "/number");
        row(R"({"number":11})", "/number");
        row(R"({"number":18446744073709551615})", "/number");
        row(R"({"number":1e300})", "/number");
        row(R"({"flag":1})", "/flag");
        row(R"({"flag":"true"})", "/flag");
    }
    void wrongTypesAreRefused()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, pointer);
        const auto body = object(text.toStdString());
        JsonReader reader(body);
        if (body.contains("text"))
            (void)reader.text("text", 1, 10);
        (void)reader.textList("list", 3, 5);
        (void)reader.optionalInteger("number", 0, 10);
        (void)reader.optionalBoolean("flag");
        const auto finished = reader.finish();
        QCOMPARE(test::outcome(finished), std::string("invalid-field"));
        QCOMPARE(finished.error().pointer, pointer.toStdString());
    }

    void wholeNumbersMayBeWrittenAsDoubles()
    {
        const auto body = object(R"({"n":3.0})");
        JsonReader reader(body);
        QCOMPARE(reader.integer("n", 0, 10), 3);
        QVERIFY(reader.finish());
    }

    void lengthIsCountedInCharactersNotBytes()
    {
        const auto body = object(R"({"name":"عبد الله","emoji":"☕☕☕"})");
        JsonReader reader(body);
        QCOMPARE(reader.text("name", 1, 8).size(), std::size_t(15));
        QCOMPARE(reader.text("emoji", 1, 3).size(), std::size_t(9));
        QVERIFY(reader.finish());
        QCOMPARE(characterCount("Æ𝄞a"), std::size_t(3));
    }

    void callersCanRefuseForReasonsOfTheirOwn()
    {
        const auto body = object(R"({"role":"king"})");
        JsonReader reader(body);
        (void)reader.text("role", 1, 20);
        reader.refuse("role", "There is no such role.");
        const auto finished = reader.finish();
        QCOMPARE(pointerOf(finished), std::string("/role"));
        QCOMPARE(finished.error().detail, std::string("There is no such role."));
    }
};

QTEST_GUILESS_MAIN(JsonReaderTest)
#include "tst_jsonreader.moc"
