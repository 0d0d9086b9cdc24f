// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/jsonvalue.h"
#include "workflow/path.h"
#include "workflow/runner.h"

#include <QTest>

using namespace brewline::workflow;
using namespace brewline::workflow::test;
namespace json = boost::json;

/// JSONPath: what is selected, what is written to, what is malformed.
class PathsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pathsSelect_data();
    void pathsSelect();
    void missingNodesAreErrorsOnlyForDefinitePaths_data();
    void missingNodesAreErrorsOnlyForDefinitePaths();
    void malformedPathsAreRefused_data();
    void malformedPathsAreRefused();
    void onlyPlainPathsAreReferences();
    void sizesAreThoseOfTheText();
    void wholeNumbersAreComparedExactly();
};

namespace {

/// Sees variables and a context, no execution.
class FixedScope final : public Scope {
public:
    const json::value *contextMember(std::string_view name) override { return m_context.as_object().if_contains(name); }
    const json::value &context() override { return m_context; }
    [[nodiscard]] const json::value *variable(std::string_view name) const override
    {
        return name == "cup" ? &m_cup : nullptr;
    }
    Supplier &supplier() override { return m_supplier; }

private:
    json::value m_context = json::parse(R"({"Execution":{"Id":"e1"},"State":{"Name":"S"}})");
    json::value m_cup = json::parse(R"({"size":[1,2]})");
    CountingSupplier m_supplier;
};

constexpr std::string_view shop = R"({
    "drinks":[{"name":"latte","price":4,"tags":["milk"]},{"name":"mocha","price":5,"tags":["milk","cocoa"]},
              {"name":"espresso","price":2.5}],
    "open":true, "o-p":{"x.y":1,"it's":2}, "limit":4, "nothing":null, "numbers":[3,1,2], "a:b/c":6})";

std::string select(std::string_view path)
{
    const auto parsed = Path::parse(path);
    if (!parsed)
        return "malformed: " + parsed.error();
    FixedScope scope;
    const json::value data = json::parse(shop);
    const auto value = parsed->get(data, scope);
    return value ? json::serialize(*value) : value.error().error;
}

} // namespace

void PathsTest::pathsSelect_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("selected");
    const auto row = [](const char *path, const char *selected) {
        QTest::addRow("%s", path) << QByteArray(path) << QByteArray(selected);
    };
    row("$.open", "true");
    row("$.nothing", "null");
    row("$['open']", "true");
    row("$.['open']", "true");
    row("$[\"open\"]", "true");
    row("$.o-p['x.y']", "1");
    row("$.o-p['it\\'s']", "2");
    row("$.drinks[0].name", R"("latte")");
    row("$.drinks[-1].name", R"("espresso")");
    row("$.drinks[*].price", "[4,5,2.5]");
    row("$.drinks.*.price", "[4,5,2.5]");
    row("$.drinks[0,2].name", R"(["latte","espresso"])");
    row("$.drinks[1:].name", R"(["mocha","espresso"])");
    row("$.drinks[:2].name", R"(["latte","mocha"])");
    row("$.drinks[-2:-1].name", R"(["mocha"])");
    row("$.drinks[0:9:2].name", R"(["latte","espresso"])");
    row("$.drinks[0]['name','price']", R"(["latte",4])");
    row("$..price", "[4,5,2.5]");
    row("$..tags[0]", R"(["milk","milk"])");
    row("$.drinks[?(@.price > 4)].name", R"(["mocha"])");
    row("$.drinks[?(@.price >= $.limit)].name", R"(["latte","mocha"])");
    row("$.drinks[?(@.name == 'latte' || @.price < 3)].price", "[4,2.5]");
    row("$.drinks[?(@.tags && @.price != 4)].name", R"(["mocha"])");
    row("$.drinks[?(!@.tags)].name", R"(["espresso"])");
    row("$.drinks[?(!(@.price == 4 && @.name == 'latte'))].price", "[5,2.5]");
    row("$.drinks[?(@.name =~ /.*OCH.*/i)].name", R"(["mocha"])");
    row("$.drinks[?(@.name in ['latte','tea'])].name", R"(["latte"])");
    row("$.drinks[?(@.name nin ['latte','mocha'])].name", R"(["espresso"])");
    row("$.drinks[?(@.tags contains 'cocoa')].name", R"(["mocha"])");
    row("$.drinks[?(@.tags size 1)].name", R"(["latte"])");
    row("$.drinks[?(@['price'] == 2.50)].name", R"(["espresso"])");
    row("$..[?(@.price == 4)].name", R"(["latte"])");
    row("$.numbers.length()", "3");
    row("$.numbers.max()", "3E0");
    row("$.numbers.sum()", "6E0");
    row("$.drinks[*].price.min()", "2.5E0");
    row("$$.Execution.Id", R"("e1")");
    row("$$['State']['Name']", R"("S")");
    row("$$", R"({"Execution":{"Id":"e1"},"State":{"Name":"S"}})");
    row("$.a:b/c", "6");
    row("$cup.size[1]", "2");
    row("$cup", R"({"size":[1,2]})");
}

void PathsTest::pathsSelect()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, selected);
    const json::value expected = json::parse(selected.toStdString());
    const std::string actual = select(path.toStdString());
    boost::system::error_code error;
    const json::value value = json::parse(actual, error);
    QVERIFY2(!error && sameValue(value, expected), actual.c_str());
}

void PathsTest::missingNodesAreErrorsOnlyForDefinitePaths_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("outcome");
    QTest::newRow("member") << QByteArray("$.tea") << QByteArray("States.Runtime");
    QTest::newRow("below a number") << QByteArray("$.limit.x") << QByteArray("States.Runtime");
    QTest::newRow("index") << QByteArray("$.drinks[3]") << QByteArray("States.Runtime");
    QTest::newRow("negative index") << QByteArray("$.drinks[-4]") << QByteArray("States.Runtime");
    QTest::newRow("index of an object") << QByteArray("$[0]") << QByteArray("States.Runtime");
    QTest::newRow("variable") << QByteArray("$pot") << QByteArray("States.Runtime");
    QTest::newRow("context") << QByteArray("$$.Task.Token") << QByteArray("States.Runtime");
    QTest::newRow("before a wildcard") << QByteArray("$.teas[*]") << QByteArray("States.Runtime");
    QTest::newRow("length of nothing") << QByteArray("$.teas.length()") << QByteArray("States.Runtime");
    QTest::newRow("sum of a text") << QByteArray("$.open.sum()") << QByteArray("States.Runtime");
    QTest::newRow("wildcard") << QByteArray("$.drinks[*].sugar") << QByteArray("[]");
    QTest::newRow("filter") << QByteArray("$.drinks[?(@.price > 100)]") << QByteArray("[]");
    QTest::newRow("descent") << QByteArray("$..sugar") << QByteArray("[]");
    QTest::newRow("slice") << QByteArray("$.drinks[7:9]") << QByteArray("[]");
}

void PathsTest::missingNodesAreErrorsOnlyForDefinitePaths()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, outcome);
    QCOMPARE(select(path.toStdString()), outcome.toStdString());
}

void PathsTest::malformedPathsAreRefused_data()
{
    QTest::addColumn<QByteArray>("path");
    const char *const paths[] = {"",
                                 "a",
                                 "@.a",
                                 "$.",
                                 "$..",
                                 "$.a.",
                                 "$.a b",
                                 "$[",
                                 "$[]",
                                 "$['a]",
                                 "$['a'",
                                 "$[1",
                                 "$[a]",
                                 "$[1,]",
                                 "$[::0]",
                                 "$[?(@.a]",
                                 "$[?@.a]",
                                 "$[?(@.a ==)]",
                                 "$[?()]",
                                 "$[?(@.a == 'x)]",
                                 "$[?(@.a =~ /(/)]",
                                 "$.brew()",
                                 "$.a$",
                                 "$$$"};
    for (const char *path : paths)
        QTest::addRow("<%s>", path) << QByteArray(path);
}

void PathsTest::malformedPathsAreRefused()
{
    QFETCH(QByteArray, path);
    const auto parsed = Path::parse(path.toStdString());
    QVERIFY(!parsed);
    QVERIFY(!parsed.error().empty());
}

void PathsTest::onlyPlainPathsAreReferences()
{
    for (const char *path : {"$", "$.a", "$.a['b'][0].c"})
        QVERIFY2(Path::parse(path)->isReference(), path);
    for (const char *path : {"$[*]", "$..a", "$[0,1]", "$[-1]", "$[1:2]", "$[?(@.a)]", "$['a','b']", "$.a.length()"})
        QVERIFY2(!Path::parse(path)->isReference(), path);
}

void PathsTest::sizesAreThoseOfTheText()
{
    const char *const documents[] = {"null", "[true,false,-12,18446744073709551615]",
                                     R"({"a":[],"b":{},"c":"ä\n\"\\\u0001"})", "[1.5,1e300]"};
    for (const char *document : documents) {
        const json::value value = json::parse(document);
        const std::size_t size = json::serialize(value).size();
        QVERIFY2(!exceeds(value, size), document);
        QVERIFY2(exceeds(value, size - 1), document);
    }
}

void PathsTest::wholeNumbersAreComparedExactly()
{
    QVERIFY(compareNumbers(9007199254740993, 9007199254740992) > 0);
    QVERIFY(compareNumbers(std::uint64_t(18446744073709551615U), std::uint64_t(18446744073709551614U)) > 0);
    QVERIFY(sameValue(json::parse(R"({"a":1,"b":[1.0]})"), json::parse(R"({"b":[1],"a":1.0})")));
    QVERIFY(!sameValue(json::parse("[1,2]"), json::parse("[1]")));
    QVERIFY(!sameValue(json::parse("1"), json::parse("true")));
}

QTEST_APPLESS_MAIN(PathsTest)
#include "tst_paths.moc"
