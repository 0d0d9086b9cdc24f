// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/runner.h"

#include <QTest>

#include <algorithm>

using namespace brewline;
using namespace brewline::workflow;
using namespace brewline::workflow::test;
using namespace std::chrono_literals;

/// Pass, Wait, Succeed and Fail, variables, and the limits of a step.
class StatesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void dataPassesThroughItsPaths_data();
    void dataPassesThroughItsPaths();
    void waitingTakesAsLongAsItSays_data();
    void waitingTakesAsLongAsItSays();
    void waitsUntilThePastEndAtOnce();
    void aWaitIsNoTask();
    void failingNamesErrorAndCause();
    void failingByPathNeedsTexts();
    void variablesOutliveTheirState();
    void variablesAreAssignedTogether();
    void choicesAndCatchersAssign();
    void aMissingVariableIsARuntimeError();
    void loopsYieldAndGoOn();
    void endlessHistoriesFail();
    void outputsThatAreTooBigFail();
    void outputsThatAreTooDeepFail();
    void numbersKeepTheirKind();
    void equalInputsGiveEqualSteps();
};

namespace {

std::string pass(std::string_view fields)
{
    return R"({"StartAt":"P","States":{"P":{"Type":"Pass",)" + std::string(fields) + R"(,"End":true}}})";
}

std::string wait(std::string_view fields)
{
    return R"({"StartAt":"W","States":{"W":{"Type":"Wait",)" + std::string(fields) + R"(,"End":true}}})";
}

} // namespace

void StatesTest::dataPassesThroughItsPaths_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("output");
    const auto row = [](const char *fields, const char *output) {
        QTest::addRow("%s", fields) << QByteArray(fields) << QByteArray(output);
    };
    // The input is {"a":{"b":[1,2]},"c":"x"}.
    row(R"("Comment":"nothing")", R"({"a":{"b":[1,2]},"c":"x"})");
    row(R"("InputPath":"$.a")", R"({"b":[1,2]})");
    row(R"("InputPath":null)", "{}");
    row(R"("OutputPath":null)", "{}");
    row(R"("OutputPath":"$.a.b[1]")", "2");
    row(R"("Result":[7])", "[7]");
    row(R"("Result":{"x.$":"$.c"})", R"({"x.$":"$.c"})");
    row(R"("Result":7,"ResultPath":"$.n")", R"({"a":{"b":[1,2]},"c":"x","n":7})");
    row(R"("Result":7,"ResultPath":"$.a.b[0]")", R"({"a":{"b":[7,2]},"c":"x"})");
    row(R"("Result":7,"ResultPath":"$['a']['n e w']['deeper']")", R"({"a":{"b":[1,2],"n e w":{"deeper":7}},"c":"x"})");
    row(R"("Result":7,"ResultPath":null)", R"({"a":{"b":[1,2]},"c":"x"})");
    row(R"("InputPath":"$.a","ResultPath":"$.n")", R"({"a":{"b":[1,2]},"c":"x","n":{"b":[1,2]}})");
    row(R"("Parameters":{"k":{"v.$":"$.c","w":"$.c"},"l":[{"m.$":"$.a.b"}]})",
        R"({"k":{"v":"x","w":"$.c"},"l":[{"m":[1,2]}]})");
    row(R"("InputPath":"$.a","Parameters":{"v.$":"$.b[0]"})", R"({"v":1})");
    row(R"("Parameters":{"id.$":"$$.Execution.Id"})", R"({"id":"execution-1"})");
}

void StatesTest::dataPassesThroughItsPaths()
{
    QFETCH(QByteArray, fields);
    QFETCH(QByteArray, output);
    Runner runner(pass(fields.toStdString()));
    QVERIFY(runner.isValid());
    runner.start(R"({"a":{"b":[1,2]},"c":"x"})");
    QCOMPARE(runner.output(), output.toStdString());
    QCOMPARE(runner.events(), std::string("ExecutionStarted PassStateEntered PassStateExited ExecutionSucceeded"));
}

void StatesTest::waitingTakesAsLongAsItSays_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<qint64>("milliseconds");
    QTest::newRow("seconds") << QByteArray(R"("Seconds":90)") << QByteArray("{}") << qint64(90'000);
    QTest::newRow("path") << QByteArray(R"("SecondsPath":"$.s")") << QByteArray(R"({"s":5})") << qint64(5000);
    // The test clock begins at 2025-10-09T08:53:20Z.
    QTest::newRow("timestamp") << QByteArray(R"("Timestamp":"2025-10-09T08:53:21.500Z")") << QByteArray("{}")
                               << qint64(1500);
    QTest::newRow("timestamp path") << QByteArray(R"("TimestampPath":"$.t")")
                                    << QByteArray(R"({"t":"2025-10-09T10:54:20+02:00"})") << qint64(60'000);
}

void StatesTest::waitingTakesAsLongAsItSays()
{
    QFETCH(QByteArray, fields);
    QFETCH(QByteArray, input);
    QFETCH(qint64, milliseconds);
    Runner runner(wait(fields.toStdString()));
    QVERIFY(runner.isValid());
    runner.start(input.toStdString());
    const auto *started = runner.effect<WaitStarted>();
    QVERIFY(started);
    QVERIFY(started->kind == WaitKind::Timer);
    QCOMPARE((*started->deadline - runner.now).count(), milliseconds);
    QVERIFY(runner.passEarliestDeadline());
    QCOMPARE(runner.output(), input.toStdString());
    QCOMPARE(runner.count<WaitEnded>(), 1);
    QCOMPARE(runner.events(), std::string("ExecutionStarted WaitStateEntered WaitStateExited ExecutionSucceeded"));
}

void StatesTest::waitsUntilThePastEndAtOnce()
{
    for (const char *fields : {R"("Timestamp":"2016-03-05T21:29:29.243167252Z")", R"("Seconds":0)"}) {
        Runner runner(wait(fields));
        runner.start("{}");
        QCOMPARE(runner.status(), std::string("SUCCEEDED"));
        QVERIFY(runner.effects.empty());
    }
    for (const char *input : {R"({"s":-1})", R"({"s":"5"})", R"({"s":1.5})", "{}"}) {
        Runner runner(wait(R"("SecondsPath":"$.s")"));
        runner.start(input);
        QCOMPARE(runner.execution.error, std::string("States.Runtime"));
    }
}

void StatesTest::aWaitIsNoTask()
{
    Runner runner(wait(R"("Seconds":90)"));
    runner.start("{}").succeed(1, "{}");
    QVERIFY(runner.refusal && runner.refusal->code == ErrorCode::InvalidTaskToken);
    runner.send(TaskHeartbeat{1});
    QVERIFY(runner.refusal && runner.refusal->code == ErrorCode::InvalidTaskToken);
}

void StatesTest::failingNamesErrorAndCause()
{
    Runner runner(R"({"StartAt":"F","States":{"F":{"Type":"Fail","Error":"Machine.Broken","Cause":"no steam"}}})");
    runner.start("{}");
    QCOMPARE(runner.status(), std::string("FAILED"));
    QCOMPARE(runner.execution.error, std::string("Machine.Broken"));
    QCOMPARE(runner.execution.cause, std::string("no steam"));
    QCOMPARE(runner.events(), std::string("ExecutionStarted FailStateEntered ExecutionFailed"));

    Runner nameless(R"({"StartAt":"F","States":{"F":{"Type":"Fail"}}})");
    nameless.start("{}");
    QCOMPARE(nameless.status(), std::string("FAILED"));
    QCOMPARE(nameless.execution.error, std::string());
}

void StatesTest::failingByPathNeedsTexts()
{
    const std::string definition =
        R"json({"StartAt":"F","States":{"F":{"Type":"Fail","ErrorPath":"$.e","CausePath":"States.Format('{}!', $.c)"}}})json";
    Runner runner(definition);
    runner.start(R"({"e":"Spilled","c":"milk"})");
    QCOMPARE(runner.execution.error, std::string("Spilled"));
    QCOMPARE(runner.execution.cause, std::string("milk!"));
    Runner wrong(definition);
    wrong.start(R"({"e":5,"c":"milk"})");
    QCOMPARE(wrong.execution.error, std::string("States.Runtime"));
}

void StatesTest::variablesOutliveTheirState()
{
    Runner runner(R"({"StartAt":"A","States":{
        "A":{"Type":"Pass","Assign":{"drink.$":"$.drink","list":[1,2]},"Next":"B"},
        "B":{"Type":"Wait","Seconds":1,"Next":"C"},
        "C":{"Type":"Pass","Parameters":{"was.$":"$drink.name","second.$":"$list[1]"},"End":true}}})");
    runner.roundTrips = true;
    runner.start(R"({"drink":{"name":"latte"}})");
    QVERIFY(runner.passEarliestDeadline());
    QCOMPARE(runner.output(), std::string(R"({"was":"latte","second":2})"));
}

void StatesTest::variablesAreAssignedTogether()
{
    Runner runner(R"({"StartAt":"A","States":{
        "A":{"Type":"Pass","Assign":{"x":1,"y":2},"Next":"B"},
        "B":{"Type":"Pass","Assign":{"x.$":"$y","y.$":"$x"},"Next":"C"},
        "C":{"Type":"Pass","Parameters":{"x.$":"$x","y.$":"$y"},"End":true}}})");
    runner.start("{}");
    QCOMPARE(runner.output(), std::string(R"({"x":2,"y":1})"));
}

void StatesTest::choicesAndCatchersAssign()
{
    const std::string definition = R"({"StartAt":"C","States":{
        "C":{"Type":"Choice","Choices":[{"Variable":"$.big","BooleanEquals":true,"Assign":{"by":"rule"},"Next":"T"}],
             "Default":"T","Assign":{"by":"default"}},
        "T":{"Type":"Task","Resource":"r","Next":"E",
             "Catch":[{"ErrorEquals":["States.ALL"],"Assign":{"error.$":"$.Error"},"Next":"E"}]},
        "E":{"Type":"Pass","Parameters":{"by.$":"$by","error.$":"$error"},"End":true}}})";
    Runner rule(definition);
    rule.start(R"({"big":true})").fail(1, "Jam");
    QCOMPARE(rule.output(), std::string(R"({"by":"rule","error":"Jam"})"));
    Runner fallback(definition);
    fallback.start(R"({"big":false})").fail(1, "Jam");
    QCOMPARE(fallback.output(), std::string(R"({"by":"default","error":"Jam"})"));
}

void StatesTest::aMissingVariableIsARuntimeError()
{
    Runner runner(pass(R"("Parameters":{"x.$":"$nobody"})"));
    runner.start("{}");
    QCOMPARE(runner.execution.error, std::string("States.Runtime"));
}

void StatesTest::loopsYieldAndGoOn()
{
    // Two states a turn and 1,500 turns make 3,000 transitions, three steps of 1,000 and the end.
    Runner runner(R"json({"StartAt":"Count","States":{
        "Count":{"Type":"Pass","Parameters":{"n.$":"States.MathAdd($.n, 1)"},"Next":"Enough"},
        "Enough":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericLessThan":1500,"Next":"Count"}],"Default":"End"},
        "End":{"Type":"Succeed"}}})json");
    runner.start(R"({"n":0})");
    int steps = 1;
    while (runner.yielded && steps < 10) {
        runner.roundTrips = true;
        runner.send(Resumed{});
        QVERIFY(!runner.refusal);
        ++steps;
    }
    QCOMPARE(runner.status(), std::string("SUCCEEDED"));
    QCOMPARE(runner.output(), std::string(R"({"n":1500})"));
    QCOMPARE(steps, 4);
    for (std::size_t i = 0; i < runner.history.size(); ++i)
        QCOMPARE(runner.history[i].id, std::uint32_t(i + 1));
}

void StatesTest::endlessHistoriesFail()
{
    Runner runner(R"({"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"}}})");
    runner.start("{}");
    while (runner.yielded)
        runner.send(Resumed{});
    QCOMPARE(runner.status(), std::string("FAILED"));
    QCOMPARE(runner.execution.error, std::string("States.Runtime"));
    QCOMPARE(runner.history.size(), std::size_t(25'000));
    QVERIFY(runner.history.back().type == "ExecutionFailed");

    // The limit counts for a history that a task fills, too.
    Runner tasks(R"({"StartAt":"T","States":{"T":{"Type":"Task","Resource":"r","Next":"T"}}})");
    tasks.start("{}");
    for (int i = 0; i < 6000 && tasks.status() == "RUNNING"; ++i)
        tasks.succeed(1, "{}");
    QCOMPARE(tasks.status(), std::string("FAILED"));
    QCOMPARE(tasks.history.size(), std::size_t(25'000));
    QCOMPARE(tasks.count<RunTask>(), 0);
}

void StatesTest::outputsThatAreTooBigFail()
{
    const std::string half(140'000, 'x');
    Runner runner(pass(R"("Parameters":{"a.$":"$.v","b.$":"$.v"})"));
    runner.start(R"({"v":")" + half + "\"}");
    QCOMPARE(runner.execution.error, std::string("States.DataLimitExceeded"));
    QCOMPARE(runner.events(), std::string("ExecutionStarted PassStateEntered ExecutionFailed"));
}

void StatesTest::outputsThatAreTooDeepFail()
{
    // Whatever an execution keeps must be read again, and walking it must not exhaust the stack.
    Runner runner(R"({"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"in.$":"$"},"Next":"A"}}})");
    runner.start("{}");
    QCOMPARE(runner.execution.error, std::string("States.DataLimitExceeded"));
    QVERIFY(Execution::fromText(runner.execution.toText()));
}

void StatesTest::numbersKeepTheirKind()
{
    Runner runner(pass(R"("OutputPath":"$.n")"));
    runner.start(R"({"n":[1.0,1,18446744073709551615,-3]})");
    const auto &numbers = runner.execution.output.as_array();
    QVERIFY(numbers[0].is_double());
    QVERIFY(numbers[1].is_int64());
    QVERIFY(numbers[2].is_uint64());
}

void StatesTest::equalInputsGiveEqualSteps()
{
    const std::string definition =
        pass(R"json("Parameters":{"id.$":"States.UUID()","r.$":"States.MathRandom(0, 100)"})json");
    Runner first(definition);
    Runner second(definition);
    first.start("{}");
    second.start("{}");
    QCOMPARE(first.output(), std::string(R"({"id":"00000000-0000-4000-8000-000000000001","r":50})"));
    QVERIFY(first.execution == second.execution);
}

QTEST_APPLESS_MAIN(StatesTest)
#include "tst_states.moc"
