// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/jsonvalue.h"
#include "workflow/runner.h"

#include <QTest>

using namespace brewline::workflow;
using namespace brewline::workflow::test;
namespace json = boost::json;

/// Every intrinsic function, with good and bad arguments.
class IntrinsicsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void functionsCompute_data();
    void functionsCompute();
    void badArgumentsFailTheState_data();
    void badArgumentsFailTheState();
    void malformedCallsAreRefused_data();
    void malformedCallsAreRefused();
    void taskStatesCatchThem();
    void aSeedGivesTheSameNumberEachTime();
};

namespace {

constexpr std::string_view input =
    R"({"list":[1,2,2,{"a":1},{"a":1.0}],"text":"a,b","o":{"n":null,"l":["x",1.5]},"one":1,"left":{"a":{"x":1},"b":1},"right":{"a":{"y":2}}})";

std::string evaluate(const QByteArray &call)
{
    const json::value definition{
        {"StartAt", "P"},
        {"States",
         {{"P",
           {{"Type", "Pass"}, {"Parameters", {{"r.$", call.toStdString()}}}, {"OutputPath", "$.r"}, {"End", true}}}}}};
    Runner runner(json::serialize(definition));
    if (!runner.isValid())
        return "refused";
    runner.start(input);
    return runner.status() == "SUCCEEDED" ? runner.output() : runner.execution.error;
}

} // namespace

void IntrinsicsTest::functionsCompute_data()
{
    QTest::addColumn<QByteArray>("call");
    QTest::addColumn<QByteArray>("result");
    const auto row = [](const char *call, const char *result) {
        QTest::addRow("%s", call) << QByteArray(call) << QByteArray(result);
    };
    row("States.Array()", "[]");
    row("States.Array('x', 1, -2.5, true, null, $.one)", R"(["x",1,-2.5,true,null,1])");
    row("States.ArrayPartition($.list, 2)", R"([[1,2],[2,{"a":1}],[{"a":1}]])");
    row("States.ArrayContains($.list, 2)", "true");
    row("States.ArrayContains($.list, '2')", "false");
    row("States.ArrayRange(1, 9, 2)", "[1,3,5,7,9]");
    row("States.ArrayRange(3, 1, -1)", "[3,2,1]");
    row("States.ArrayRange(3, 1, 1)", "[]");
    row("States.ArrayGetItem($.list, 3)", R"({"a":1})");
    row("States.ArrayLength($.list)", "5");
    row("States.ArrayUnique($.list)", R"([1,2,{"a":1}])");
    row("States.Base64Encode('Kaffee mit Milch')", R"("S2FmZmVlIG1pdCBNaWxjaA==")");
    row("States.Base64Decode('S2FmZmVlIG1pdCBNaWxjaA==')", R"("Kaffee mit Milch")");
    row("States.Hash('espresso', 'MD5')", R"("a2cc65ac1f8ba2f1f8b194c79a9d675f")");
    row("States.JsonMerge($.left, $.right, false)", R"({"a":{"y":2},"b":1})");
    row("States.JsonMerge($.left, $.right, true)", R"({"a":{"x":1,"y":2},"b":1})");
    row("States.StringToJson('{\"a\":[1]}')", R"({"a":[1]})");
    row("States.StringToJson('')", "null");
    row("States.JsonToString($.right)", R"("{\"a\":{\"y\":2}}")");
    row("States.MathAdd(2.5, -2.5)", "1");
    row("States.MathAdd($.one, -3)", "-2");
    row("States.MathRandom(10, 20)", "15");
    row("States.StringSplit('1-2+3', '-+')", R"(["1","2","3"])");
    row("States.StringSplit(',a,,b,', ',')", R"(["a","b"])");
    row("States.StringSplit('abc', '')", R"(["abc"])");
    row("States.UUID()", R"("00000000-0000-4000-8000-000000000001")");
    row("States.Format('{} of {}', $.one, $.o)", R"("1 of {n=null, l=[x, 1.5]}")");
    row("States.Format('it\\'s \\{{}\\} \\\\', 'x')", R"("it's {x} \\")");
    row("States.Format('none')", R"("none")");
    row("States.Array(States.Format('{}', States.MathAdd(1, $.one)), 'a,b)')", R"json(["2","a,b)"])json");
}

void IntrinsicsTest::functionsCompute()
{
    QFETCH(QByteArray, call);
    QFETCH(QByteArray, result);
    const std::string actual = evaluate(call);
    boost::system::error_code error;
    const json::value value = json::parse(actual, error);
    QVERIFY2(!error && sameValue(value, json::parse(result.toStdString())), actual.c_str());
}

void IntrinsicsTest::badArgumentsFailTheState_data()
{
    QTest::addColumn<QByteArray>("call");
    const char *const calls[] = {
        "States.ArrayPartition($.list, 0)",
        "States.ArrayPartition('x', 1)",
        "States.ArrayContains('x', 'x')",
        "States.ArrayRange(1, 2, 0)",
        "States.ArrayRange(1, 2000, 1)",
        "States.ArrayRange('1', 2, 1)",
        "States.ArrayGetItem($.list, 5)",
        "States.ArrayGetItem($.list, -1)",
        "States.ArrayLength('abc')",
        "States.ArrayUnique(1)",
        "States.Base64Encode(1)",
        "States.Base64Decode('*')",
        "States.Hash('x', 'CRC32')",
        "States.JsonMerge($.left, 'x', false)",
        "States.JsonMerge($.left, $.right, 1)",
        "States.StringToJson('{')",
        "States.StringToJson(1)",
        "States.MathAdd('1', 1)",
        "States.MathAdd(9223372036854775807, 1)",
        "States.MathRandom(5, 5)",
        "States.StringSplit(1, ',')",
        "States.Format('{}')",
        "States.Format('x', 1)",
        "States.Format(1)",
    };
    for (const char *call : calls)
        QTest::addRow("%s", call) << QByteArray(call);
}

void IntrinsicsTest::badArgumentsFailTheState()
{
    QFETCH(QByteArray, call);
    QCOMPARE(evaluate(call), std::string("States.IntrinsicFailure"));
}

void IntrinsicsTest::malformedCallsAreRefused_data()
{
    QTest::addColumn<QByteArray>("call");
    const char *const calls[] = {
        "States.Brew()",           "States.UUID",          "States.UUID(",     "States.UUID(1)",  "States.Hash('x')",
        "States.Array('x)",        "States.Array(x)",      "States.Array(1,)", "States.UUID() x", "States.Array($.)",
        "States.Array({\"a\":1})", "States.MathRandom(1)", "states.UUID()",
    };
    for (const char *call : calls)
        QTest::addRow("%s", call) << QByteArray(call);
    QByteArray deep = "1";
    for (int i = 0; i < 11; ++i)
        deep = "States.MathAdd(1, " + deep + ")";
    QTest::newRow("too deep") << deep;
}

void IntrinsicsTest::malformedCallsAreRefused()
{
    QFETCH(QByteArray, call);
    QCOMPARE(evaluate(call), std::string("refused"));
}

void IntrinsicsTest::taskStatesCatchThem()
{
    Runner runner(R"json({"StartAt":"T","States":{
        "T":{"Type":"Task","Resource":"r","Parameters":{"x.$":"States.StringToJson($.text)"},
             "Catch":[{"ErrorEquals":["States.IntrinsicFailure"],"Next":"C"}],"End":true},
        "C":{"Type":"Succeed"}}})json");
    runner.start(R"({"text":"{"})");
    QCOMPARE(runner.status(), std::string("SUCCEEDED"));
    QVERIFY(runner.effects.empty());
}

void IntrinsicsTest::aSeedGivesTheSameNumberEachTime()
{
    const std::string first = evaluate("States.MathRandom(0, 1000000, 7)");
    QCOMPARE(evaluate("States.MathRandom(0, 1000000, 7)"), first);
    QVERIFY(evaluate("States.MathRandom(0, 1000000, 8)") != first);
}

QTEST_APPLESS_MAIN(IntrinsicsTest)
#include "tst_intrinsics.moc"
