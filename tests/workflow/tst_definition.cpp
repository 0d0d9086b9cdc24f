// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/definition.h"

#include <QTest>

#include <algorithm>

using namespace brewline::workflow;

/// What Definition::parse accepts and refuses.
class DefinitionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void wrongDefinitionsAreRefusedWithAPointer_data();
    void wrongDefinitionsAreRefusedWithAPointer();
    void allFaultsAreReportedAtOnce();
    void deepNestingIsRefusedInsteadOfExhaustingTheStack();
    void substitutionsReachAllStrings();
    void tasksInsideBranchesAreListed();
};

namespace {

std::string oneState(std::string_view fields)
{
    return R"({"StartAt":"A","States":{"A":{)" + std::string(fields) + "}}}";
}

} // namespace

void DefinitionTest::wrongDefinitionsAreRefusedWithAPointer_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("pointer");
    const auto row = [](const char *name, std::string json, const char *pointer) {
        QTest::newRow(name) << QByteArray::fromStdString(json) << QByteArray(pointer);
    };
    row("no JSON", "{", "");
    row("no object", "[]", "");
    row("no StartAt", R"({"States":{"A":{"Type":"Succeed"}}})", "/StartAt");
    row("no States", R"({"StartAt":"A"})", "/States");
    row("empty States", R"({"StartAt":"A","States":{}})", "/States");
    row("unknown start", R"({"StartAt":"B","States":{"A":{"Type":"Succeed"}}})", "/StartAt");
    row("unknown top field", R"({"StartAt":"A","Start":1,"States":{"A":{"Type":"Succeed"}}})", "/Start");
    row("top timeout", R"({"StartAt":"A","TimeoutSeconds":0,"States":{"A":{"Type":"Succeed"}}})", "/TimeoutSeconds");
    row("JSONata", R"({"StartAt":"A","QueryLanguage":"JSONata","States":{"A":{"Type":"Succeed"}}})", "/QueryLanguage");
    row("JSONata in a state", oneState(R"("Type":"Succeed","QueryLanguage":"JSONata","Output":1)"),
        "/States/A/QueryLanguage");
    row("no type", oneState(R"("End":true)"), "/States/A/Type");
    row("unknown type", oneState(R"("Type":"Loop")"), "/States/A/Type");
    row("state is no object", R"({"StartAt":"A","States":{"A":1}})", "/States/A");
    row("unknown field", oneState(R"("Type":"Pass","End":true,"Nxt":"A")"), "/States/A/Nxt");
    row("field of another type", oneState(R"("Type":"Wait","Seconds":1,"End":true,"Result":1)"), "/States/A/Result");
    row("neither Next nor End", oneState(R"("Type":"Pass")"), "/States/A");
    row("both Next and End", oneState(R"("Type":"Pass","Next":"A","End":true)"), "/States/A/Next");
    row("unknown Next", oneState(R"("Type":"Pass","Next":"B")"), "/States/A/Next");
    row("wrong type of Next", oneState(R"("Type":"Pass","Next":1)"), "/States/A/Next");
    row("unreachable", R"({"StartAt":"A","States":{"A":{"Type":"Succeed"},"a/b~c":{"Type":"Succeed"}}})",
        "/States/a~1b~0c");
    row("bad InputPath", oneState(R"("Type":"Pass","InputPath":"x","End":true)"), "/States/A/InputPath");
    row("bad OutputPath", oneState(R"("Type":"Pass","OutputPath":"$.","End":true)"), "/States/A/OutputPath");
    row("ResultPath no reference", oneState(R"("Type":"Pass","ResultPath":"$.a[*]","End":true)"),
        "/States/A/ResultPath");
    row("ResultPath into context", oneState(R"("Type":"Pass","ResultPath":"$$.a","End":true)"), "/States/A/ResultPath");
    row("bad path deep in Parameters", oneState(R"("Type":"Pass","Parameters":{"a":[{"b.$":"$.a b"}]},"End":true)"),
        "/States/A/Parameters/a/0/b.$");
    row("Parameters path is no string", oneState(R"("Type":"Pass","Parameters":{"b.$":1},"End":true)"),
        "/States/A/Parameters/b.$");
    row("unknown function", oneState(R"("Type":"Pass","Parameters":{"b.$":"States.Brew(1) "},"End":true)"),
        "/States/A/Parameters/b.$");
    row("too few arguments", oneState(R"("Type":"Pass","Parameters":{"b.$":"States.Hash('a') "},"End":true)"),
        "/States/A/Parameters/b.$");
    row("no Resource", oneState(R"("Type":"Task","End":true)"), "/States/A/Resource");
    row("zero timeout", oneState(R"("Type":"Task","Resource":"r","TimeoutSeconds":0,"End":true)"),
        "/States/A/TimeoutSeconds");
    row("two timeouts",
        oneState(R"("Type":"Task","Resource":"r","TimeoutSeconds":1,"TimeoutSecondsPath":"$.t","End":true)"),
        "/States/A/TimeoutSeconds");
    row("heartbeat not below timeout",
        oneState(R"("Type":"Task","Resource":"r","TimeoutSeconds":5,"HeartbeatSeconds":5,"End":true)"),
        "/States/A/HeartbeatSeconds");
    row("retry without errors", oneState(R"("Type":"Task","Resource":"r","Retry":[{}],"End":true)"),
        "/States/A/Retry/0/ErrorEquals");
    row("backoff below one",
        oneState(R"("Type":"Task","Resource":"r","Retry":[{"ErrorEquals":["x"],"BackoffRate":0.5}],"End":true)"),
        "/States/A/Retry/0/BackoffRate");
    row("delay below interval",
        oneState(
            R"("Type":"Task","Resource":"r","Retry":[{"ErrorEquals":["x"],"IntervalSeconds":5,"MaxDelaySeconds":5}],"End":true)"),
        "/States/A/Retry/0/MaxDelaySeconds");
    row("unknown jitter",
        oneState(R"("Type":"Task","Resource":"r","Retry":[{"ErrorEquals":["x"],"JitterStrategy":"SOME"}],"End":true)"),
        "/States/A/Retry/0/JitterStrategy");
    row("States.ALL with others",
        oneState(R"("Type":"Task","Resource":"r","Retry":[{"ErrorEquals":["States.ALL","x"]}],"End":true)"),
        "/States/A/Retry/0/ErrorEquals");
    row("States.ALL not last",
        oneState(
            R"("Type":"Task","Resource":"r","Retry":[{"ErrorEquals":["States.ALL"]},{"ErrorEquals":["x"]}],"End":true)"),
        "/States/A/Retry/0/ErrorEquals");
    row("catch to nowhere",
        oneState(R"("Type":"Task","Resource":"r","Catch":[{"ErrorEquals":["x"],"Next":"B"}],"End":true)"),
        "/States/A/Catch/0/Next");
    row("Catch on Pass", oneState(R"("Type":"Pass","Catch":[],"End":true)"), "/States/A/Catch");
    row("no Choices", oneState(R"("Type":"Choice")"), "/States/A/Choices");
    row("empty Choices", oneState(R"("Type":"Choice","Choices":[])"), "/States/A/Choices");
    row("rule without condition", oneState(R"("Type":"Choice","Choices":[{"Next":"A"}])"), "/States/A/Choices/0");
    row("rule with two conditions",
        oneState(R"("Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"StringEquals":"x","Next":"A"}])"),
        "/States/A/Choices/0");
    row("rule without variable", oneState(R"("Type":"Choice","Choices":[{"IsNull":true,"Next":"A"}])"),
        "/States/A/Choices/0/Variable");
    row("operand of the wrong type",
        oneState(R"("Type":"Choice","Choices":[{"Variable":"$.a","NumericEquals":"1","Next":"A"}])"),
        "/States/A/Choices/0/NumericEquals");
    row("operand that is no time",
        oneState(R"("Type":"Choice","Choices":[{"Variable":"$.a","TimestampEquals":"noon","Next":"A"}])"),
        "/States/A/Choices/0/TimestampEquals");
    row("Next inside And",
        oneState(R"("Type":"Choice","Choices":[{"And":[{"Variable":"$.a","IsNull":true,"Next":"A"}],"Next":"A"}])"),
        "/States/A/Choices/0/And/0/Next");
    row("unknown Default",
        oneState(R"("Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Next":"A"}],"Default":"B")"),
        "/States/A/Default");
    row("Wait without duration", oneState(R"("Type":"Wait","End":true)"), "/States/A");
    row("Wait with two durations", oneState(R"("Type":"Wait","Seconds":1,"SecondsPath":"$.s","End":true)"),
        "/States/A");
    row("Wait until nonsense", oneState(R"("Type":"Wait","Timestamp":"2026-11-21","End":true)"), "/States/A/Timestamp");
    row("Fail with two errors", oneState(R"("Type":"Fail","Error":"a","ErrorPath":"$.a")"), "/States/A/Error");
    row("Fail with Next", oneState(R"("Type":"Fail","Next":"A")"), "/States/A/Next");
    row("Parallel without branches", oneState(R"("Type":"Parallel","Branches":[],"End":true)"), "/States/A/Branches");
    row("fault inside a branch",
        oneState(
            R"("Type":"Parallel","Branches":[{"StartAt":"B","States":{"B":{"Type":"Pass","Next":"A"}}}],"End":true)"),
        "/States/A/Branches/0/States/B/Next");
    row("Map without processor", oneState(R"("Type":"Map","End":true)"), "/States/A/ItemProcessor");
    row("distributed Map",
        oneState(
            R"("Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},"StartAt":"B","States":{"B":{"Type":"Succeed"}}},"End":true)"),
        "/States/A/ItemProcessor/ProcessorConfig");
    row("ItemReader",
        oneState(
            R"("Type":"Map","ItemReader":{},"ItemProcessor":{"StartAt":"B","States":{"B":{"Type":"Succeed"}}},"End":true)"),
        "/States/A/ItemReader");
    row("missing substitution", oneState(R"("Type":"Fail","Error":"${Nobody}")"), "/States/A/Error");
}

void DefinitionTest::wrongDefinitionsAreRefusedWithAPointer()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, pointer);
    const auto parsed = Definition::parse(json.toStdString());
    QVERIFY(!parsed);
    const auto found = std::ranges::find(parsed.error(), pointer.toStdString(), &Fault::pointer);
    if (found == parsed.error().end())
        QFAIL(("the first fault is " + parsed.error().front().pointer + ": " + parsed.error().front().message).c_str());
    QVERIFY(!found->message.empty());
}

void DefinitionTest::allFaultsAreReportedAtOnce()
{
    const auto parsed = Definition::parse(
        R"({"StartAt":"A","States":{"A":{"Type":"Pass","Next":"X"},"B":{"Type":"Wait","Seconds":-1,"End":true}}})");
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().size(), std::size_t(2));
    QCOMPARE(parsed.error()[0].pointer, std::string("/States/A/Next"));
    QCOMPARE(parsed.error()[1].pointer, std::string("/States/B/Seconds"));
    QVERIFY(parsed.error()[1].message.find("State B") != std::string::npos);
}

void DefinitionTest::deepNestingIsRefusedInsteadOfExhaustingTheStack()
{
    std::string json = R"({"StartAt":"A","States":{"A":{"Type":"Succeed"}}})";
    for (int i = 0; i < 30; ++i)
        json = R"({"StartAt":"A","States":{"A":{"Type":"Parallel","End":true,"Branches":[)" + json + "]}}}";
    QVERIFY(!Definition::parse(json));
    const std::string path = "$[?" + std::string(5000, '(') + "@.a" + std::string(5000, ')') + "]";
    QVERIFY(!Definition::parse(oneState("\"Type\":\"Pass\",\"End\":true,\"InputPath\":\"" + path + "\"")));
}

void DefinitionTest::substitutionsReachAllStrings()
{
    const std::string json = oneState(
        R"("Type":"Task","Resource":"brewline:${Kind}.${Verb}","Parameters":{"list":["${Kind}","$${","${}"]},"End":true)");
    const auto parsed = Definition::parse(json, {{"Kind", "orders"}, {"Verb", "update"}});
    QVERIFY(parsed);
    QCOMPARE((*parsed)->tasks().size(), std::size_t(1));
    QCOMPARE((*parsed)->tasks().front().resource, std::string("brewline:orders.update"));
}

void DefinitionTest::tasksInsideBranchesAreListed()
{
    const auto parsed = Definition::parse(oneState(
        R"("Type":"Parallel","End":true,"Branches":[{"StartAt":"B","States":{"B":{"Type":"Task","Resource":"r","End":true}}}])"));
    QVERIFY(parsed);
    const auto tasks = (*parsed)->tasks();
    QCOMPARE(tasks.size(), std::size_t(1));
    QCOMPARE(tasks.front().pointer, std::string("/States/A/Branches/0/States/B/Resource"));
    QCOMPARE(tasks.front().state, std::string("B"));
}
QTEST_APPLESS_MAIN(DefinitionTest)
#include "tst_definition.moc"
