// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/runner.h"

#include <QTest>

#include <algorithm>

using namespace brewline;
using namespace brewline::workflow;
using namespace brewline::workflow::test;
using namespace std::chrono_literals;

/// Parallel and Map.
class JoinsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void branchesRunSideBySideAndKeepTheirOrder();
    void aFailingBranchTakesTheOthersWithIt();
    void whatACancelledBranchJustAskedForIsTakenBack();
    void aParallelStateIsRetriedAsAWhole();
    void branchesReadButDoNotWriteOuterVariables();
    void iterationsGetItemAndIndex();
    void oldMapsWork();
    void concurrencyIsLimited();
    void emptyMapsEndAtOnce();
    void itemsThatAreNoArrayAreARuntimeError();
    void aFailingIterationFailsTheMap();
    void toleratedFailuresLeaveNull();
    void tooManyFailuresExceedTheThreshold();
    void nestedMapsSeeTheirOwnItem();
    void itemsMayComeFromAVariable();
    void manyIterationsYield();
    void framesAreNeverReused();
    void historyTellsOfIterations();
};

namespace {

constexpr std::string_view twoBranches = R"({"StartAt":"P","States":{
    "P":{"Type":"Parallel","Branches":[
        {"StartAt":"L","States":{"L":{"Type":"Task","Resource":"left.waitForTaskToken","TimeoutSeconds":60,"End":true}}},
        {"StartAt":"R","States":{"R":{"Type":"Task","Resource":"right.waitForTaskToken","End":true}}}],
        "Catch":[{"ErrorEquals":["Jam"],"ResultPath":"$.error","Next":"Caught"}],"ResultPath":"$.both","Next":"Done"},
    "Done":{"Type":"Succeed"},"Caught":{"Type":"Pass","End":true}}})";

std::string map(std::string_view fields, std::string_view iterator)
{
    return R"({"StartAt":"M","States":{"M":{"Type":"Map",)" + std::string(fields) + (fields.empty() ? "" : ",") +
           R"("ItemProcessor":{"ProcessorConfig":{"Mode":"INLINE"},)" + std::string(iterator) + R"(},"End":true}}})";
}

constexpr std::string_view same = R"("StartAt":"I","States":{"I":{"Type":"Pass","End":true}})";
constexpr std::string_view work =
    R"("StartAt":"I","States":{"I":{"Type":"Task","Resource":"work.waitForTaskToken","End":true}})";

std::vector<FrameId> waitingFrames(const Runner &runner)
{
    std::vector<FrameId> frames;
    for (const Wait &wait : runner.execution.waits())
        frames.push_back(wait.frame);
    return frames;
}

} // namespace

void JoinsTest::branchesRunSideBySideAndKeepTheirOrder()
{
    Runner runner(twoBranches);
    QVERIFY(runner.isValid());
    runner.roundTrips = true;
    runner.start(R"({"a":1})");
    QCOMPARE(runner.count<RunTask>(), 2);
    QCOMPARE(waitingFrames(runner), (std::vector<FrameId>{2, 3}));
    runner.succeed(3, R"("right")");
    QCOMPARE(runner.status(), std::string("RUNNING"));
    runner.succeed(2, R"("left")");
    QCOMPARE(runner.output(), std::string(R"({"a":1,"both":["left","right"]})"));
}

void JoinsTest::aFailingBranchTakesTheOthersWithIt()
{
    Runner runner(twoBranches);
    runner.start(R"({"a":1})").fail(3, "Jam");
    QCOMPARE(runner.status(), std::string("SUCCEEDED"));
    QCOMPARE(runner.output(), std::string(R"({"a":1,"error":{"Error":"Jam","Cause":"because"}})"));
    QCOMPARE(runner.count<WaitEnded>(), 2);

    Runner uncaught(twoBranches);
    uncaught.start("{}");
    uncaught.passEarliestDeadline();
    QCOMPARE(uncaught.status(), std::string("FAILED"));
    QCOMPARE(uncaught.execution.error, std::string("States.Timeout"));
    QVERIFY(uncaught.execution.frames.empty());
    QCOMPARE(uncaught.count<WaitEnded>(), 2);
}

void JoinsTest::whatACancelledBranchJustAskedForIsTakenBack()
{
    Runner runner(R"({"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[
        {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"print","End":true}}},
        {"StartAt":"K","States":{"K":{"Type":"Task","Resource":"mail.waitForTaskToken","End":true}}},
        {"StartAt":"F","States":{"F":{"Type":"Fail","Error":"Jam"}}}],"End":true}}})");
    runner.start("{}");
    QCOMPARE(runner.execution.error, std::string("Jam"));
    QVERIFY(runner.effects.empty());
}

void JoinsTest::aParallelStateIsRetriedAsAWhole()
{
    Runner runner(R"({"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[
        {"StartAt":"L","States":{"L":{"Type":"Task","Resource":"l","End":true}}},
        {"StartAt":"R","States":{"R":{"Type":"Task","Resource":"r","End":true}}}],
        "Retry":[{"ErrorEquals":["Jam"]}],"End":true}}})");
    runner.start("{}").succeed(2, "1").fail(3, "Jam");
    QVERIFY(runner.passEarliestDeadline());
    QCOMPARE(runner.count<RunTask>(), 2);
    runner.succeed(4, "2").succeed(5, "3");
    QCOMPARE(runner.output(), std::string("[2,3]"));
}

void JoinsTest::branchesReadButDoNotWriteOuterVariables()
{
    Runner runner(R"({"StartAt":"A","States":{
        "A":{"Type":"Pass","Assign":{"x":1},"Next":"P"},
        "P":{"Type":"Parallel","Branches":[{"StartAt":"B","States":{
            "B":{"Type":"Pass","Assign":{"mine.$":"$x"},"Next":"C"},
            "C":{"Type":"Pass","Parameters":{"seen.$":"$mine"},"End":true}}}],"Next":"D"},
        "D":{"Type":"Pass","Parameters":{"x.$":"$x","leaked.$":"$mine"},"End":true}}})");
    runner.start("{}");
    QCOMPARE(runner.execution.error, std::string("States.Runtime"));
    QVERIFY(runner.execution.cause.find("$mine") != std::string::npos);
}

void JoinsTest::iterationsGetItemAndIndex()
{
    Runner runner(map(
        R"("ItemsPath":"$.cups","ItemSelector":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value","all.$":"$.size"},"ResultSelector":{"done.$":"$[*].v"},"ResultPath":"$.made")",
        same));
    QVERIFY(runner.isValid());
    runner.start(R"({"cups":["a","b"],"size":3})");
    QCOMPARE(runner.output(), std::string(R"({"cups":["a","b"],"size":3,"made":{"done":["a","b"]}})"));
}

void JoinsTest::oldMapsWork()
{
    Runner runner(R"({"StartAt":"M","States":{"M":{"Type":"Map","Parameters":{"v.$":"$$.Map.Item.Value"},
        "Iterator":{"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}},"End":true}}})");
    QVERIFY(runner.isValid());
    runner.start("[1,2]");
    QCOMPARE(runner.output(), std::string(R"([{"v":1},{"v":2}])"));
}

void JoinsTest::concurrencyIsLimited()
{
    Runner runner(map(R"("MaxConcurrencyPath":"$$.Execution.Input[0]")", work));
    runner.roundTrips = true;
    runner.start("[2,3,4,5,6]");
    QCOMPARE(runner.count<RunTask>(), 2);
    runner.succeed(2, R"("a")");
    QCOMPARE(runner.count<RunTask>(), 1);
    QCOMPARE(waitingFrames(runner), (std::vector<FrameId>{3, 4}));
    runner.succeed(4, R"("c")").succeed(3, R"("b")").succeed(5, R"("d")").succeed(6, R"("e")");
    QCOMPARE(runner.output(), std::string(R"(["a","b","c","d","e"])"));

    Runner unlimited(map("", work));
    unlimited.startWith(boost::json::array(100, 1));
    QCOMPARE(unlimited.count<RunTask>(), 40);
}

void JoinsTest::emptyMapsEndAtOnce()
{
    Runner runner(map("", work));
    runner.start("[]");
    QCOMPARE(runner.output(), std::string("[]"));
}

void JoinsTest::itemsThatAreNoArrayAreARuntimeError()
{
    for (const char *input : {"{}", R"({"items":{}})", R"({"items":3})"}) {
        Runner runner(map(R"("ItemsPath":"$.items")", same));
        runner.start(input);
        QCOMPARE(runner.execution.error, std::string("States.Runtime"));
    }
}

void JoinsTest::aFailingIterationFailsTheMap()
{
    Runner runner(R"({"StartAt":"M","States":{
        "M":{"Type":"Map","ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Task","Resource":"w.waitForTaskToken","End":true}}},
             "Catch":[{"ErrorEquals":["Jam"],"Next":"Caught"}],"End":true},
        "Caught":{"Type":"Pass","End":true}}})");
    runner.start("[1,2,3]").fail(3, "Jam");
    QCOMPARE(runner.output(), std::string(R"({"Error":"Jam","Cause":"because"})"));
    QCOMPARE(runner.count<WaitEnded>(), 3);
    runner.succeed(2, "1");
    QVERIFY(runner.refusal && runner.refusal->code == ErrorCode::InvalidTaskToken);
}

void JoinsTest::toleratedFailuresLeaveNull()
{
    Runner runner(map(R"("ToleratedFailureCount":1)", work));
    runner.start("[1,2]").fail(2, "Jam").succeed(3, R"("b")");
    QCOMPARE(runner.output(), std::string(R"([null,"b"])"));
}

void JoinsTest::tooManyFailuresExceedTheThreshold()
{
    Runner runner(map(R"("ToleratedFailurePercentagePath":"$$.Execution.Input[0]")", work));
    runner.start("[50,2,3,4]").fail(2, "Jam").fail(3, "Jam");
    QCOMPARE(runner.status(), std::string("RUNNING"));
    runner.fail(4, "Jam");
    QCOMPARE(runner.execution.error, std::string("States.ExceedToleratedFailureThreshold"));
}

void JoinsTest::nestedMapsSeeTheirOwnItem()
{
    Runner runner(map("", R"json("StartAt":"J","States":{"J":{"Type":"Map","ItemSelector":{"v.$":"$$.Map.Item.Value"},
        "ItemProcessor":{"StartAt":"K","States":{"K":{"Type":"Pass",
            "Parameters":{"t.$":"States.Format('{}:{}', $$.Map.Item.Index, $.v)"},"OutputPath":"$.t","End":true}}},"End":true}})json"));
    QVERIFY(runner.isValid());
    runner.start(R"([["a","b"],["c"]])");
    QCOMPARE(runner.output(), std::string(R"([["0:a","1:b"],["0:c"]])"));
}

void JoinsTest::itemsMayComeFromAVariable()
{
    Runner runner(R"({"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"list":[1,2]},"Next":"M"},
        "M":{"Type":"Map","ItemsPath":"$list","ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}},"End":true}}})");
    runner.start("{}");
    QCOMPARE(runner.output(), std::string("[1,2]"));
}

void JoinsTest::manyIterationsYield()
{
    Runner runner(map("", same));
    runner.roundTrips = true;
    runner.startWith(boost::json::array(2500, 7));
    QVERIFY(runner.yielded);
    QVERIFY(runToEnd(runner));
    QCOMPARE(runner.status(), std::string("SUCCEEDED"));
    QVERIFY(runner.execution.output == boost::json::array(2500, 7));
}

void JoinsTest::framesAreNeverReused()
{
    Runner runner(map(R"("MaxConcurrency":1,"Retry":[{"ErrorEquals":["States.ALL"]}])", work));
    runner.start("[1,2]");
    runner.succeed(2, "1");
    runner.fail(3, "Jam");
    QVERIFY(runner.passEarliestDeadline());
    QCOMPARE(waitingFrames(runner), (std::vector<FrameId>{4}));
}

void JoinsTest::historyTellsOfIterations()
{
    Runner runner(map("", same));
    runner.start("[1]");
    QCOMPARE(runner.events(), std::string("ExecutionStarted MapStateEntered MapStateStarted MapIterationStarted "
                                          "PassStateEntered PassStateExited MapIterationSucceeded MapStateSucceeded "
                                          "MapStateExited ExecutionSucceeded"));
    QCOMPARE(runner.event("MapIterationStarted")->state, std::string("M"));

    Runner parallel(twoBranches);
    parallel.start("{}").succeed(2, "1").succeed(3, "1");
    QVERIFY(parallel.event("ParallelStateStarted"));
    QVERIFY(parallel.event("ParallelStateSucceeded"));
}

QTEST_APPLESS_MAIN(JoinsTest)
#include "tst_joins.moc"
