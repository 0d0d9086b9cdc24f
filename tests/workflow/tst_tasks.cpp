// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/runner.h"

#include <QTest>

using namespace brewline;
using namespace brewline::workflow;
using namespace brewline::workflow::test;
using namespace std::chrono_literals;

/// Tasks: answers, tokens and deadlines.
class TasksTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aTaskIsAskedForAndItsAnswerBecomesTheOutput();
    void resultSelectorAndResultPathShapeTheAnswer();
    void aTokenTaskWaitsAndIsAnsweredOnce();
    void theTokenIsKeptNowhere();
    void aTimeoutFailsTheTask();
    void aDeadlineThatHasNotComeIsRefused();
    void aHeartbeatMovesTheDeadline();
    void theEarlierOfTimeoutAndHeartbeatCounts();
    void anAnswerAfterTheDeadlineIsRefusedAsTimedOut();
    void answersToNobodyAreRefused();
    void aRefusedInputChangesNothing();
    void anOutageMovesTaskDeadlinesOnly();
    void stoppingEndsEveryWait();
    void theWholeExecutionMayTimeOut();
    void aSideEffectThatFailsEndsTheWait();
    void theContextTellsOfStateAndExecution();
    void anExecutionOfAnotherDefinitionIsRefused();
};

namespace {

std::string task(std::string_view fields)
{
    return R"({"StartAt":"T","States":{"T":{"Type":"Task","Resource":"brewline:shop.get",)" + std::string(fields) +
           R"(,"Next":"Done"},"Done":{"Type":"Succeed"},"Caught":{"Type":"Pass","Parameters":{"caught.$":"$"},"End":true}}})";
}

/// The same with a Catch of everything, so that "Caught" can be reached.
std::string caught(std::string_view fields)
{
    return task(std::string(fields) +
                R"(,"Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.error","Next":"Caught"}])");
}

std::string tokenTask(std::string_view fields)
{
    return R"({"StartAt":"T","States":{"T":{"Type":"Task","Resource":"brewline:messages.put.waitForTaskToken",)" +
           std::string(fields) + R"(,"Next":"Done"},"Done":{"Type":"Succeed"}}})";
}

constexpr std::string_view tokenParameters = R"("Parameters":{"token.$":"$$.Task.Token","order.$":"$.order"})";

} // namespace

void TasksTest::aTaskIsAskedForAndItsAnswerBecomesTheOutput()
{
    Runner runner(caught(R"("InputPath":"$.event","Parameters":{"id.$":"$.id","fixed":1})"));
    QVERIFY(runner.isValid());
    runner.start(R"({"event":{"id":"ABC"}})");
    const auto *run = runner.effect<RunTask>();
    QVERIFY(run);
    QCOMPARE(run->state, std::string("T"));
    QCOMPARE(run->resource, std::string("brewline:shop.get"));
    QCOMPARE(boost::json::serialize(run->parameters), std::string(R"({"id":"ABC","fixed":1})"));
    QVERIFY(!run->token);
    QCOMPARE(runner.count<WaitStarted>(), 0);
    QCOMPARE(runner.execution.waits().size(), std::size_t(1));
    QVERIFY(runner.execution.waits().front().kind == WaitKind::Task);

    runner.succeed(run->frame, R"({"open":true})");
    QCOMPARE(runner.status(), std::string("SUCCEEDED"));
    QCOMPARE(runner.output(), std::string(R"({"open":true})"));
    QCOMPARE(runner.count<WaitEnded>(), 0);
    QCOMPARE(runner.events(), std::string("ExecutionStarted TaskStateEntered TaskScheduled TaskStarted TaskSucceeded "
                                          "TaskStateExited SucceedStateEntered SucceedStateExited ExecutionSucceeded"));
    QCOMPARE(runner.history.back().id, std::uint32_t(9));
}

void TasksTest::resultSelectorAndResultPathShapeTheAnswer()
{
    Runner runner(caught(R"("ResultSelector":{"n.$":"$.count"},"ResultPath":"$.open.now","OutputPath":"$.open")"));
    runner.start(R"({"event":"ABC"})").succeed(1, R"({"count":3,"other":true})");
    QCOMPARE(runner.output(), std::string(R"({"now":{"n":3}})"));

    Runner discarding(caught(R"("ResultPath":null)"));
    discarding.start(R"({"event":"ABC"})").succeed(1, "1");
    QCOMPARE(discarding.output(), std::string(R"({"event":"ABC"})"));

    Runner misfit(caught(R"("ResultPath":"$.event.deeper")"));
    misfit.start(R"({"event":"ABC"})").succeed(1, "1");
    QVERIFY(misfit.output().find("States.ResultPathMatchFailure") != std::string::npos);
    // The input is still there for the catcher.
    QVERIFY(misfit.output().find(R"("event":"ABC")") != std::string::npos);
}

void TasksTest::aTokenTaskWaitsAndIsAnsweredOnce()
{
    Runner runner(tokenTask(tokenParameters));
    runner.start(R"({"order":"o1"})");
    const auto *run = runner.effect<RunTask>();
    const auto *wait = runner.effect<WaitStarted>();
    QVERIFY(run && wait);
    QVERIFY(run->token == "token-1");
    QVERIFY(wait->token == "token-1");
    QVERIFY(wait->kind == WaitKind::TaskToken);
    QVERIFY(!wait->deadline);
    QCOMPARE(wait->state, std::string("T"));
    QCOMPARE(boost::json::serialize(run->parameters), std::string(R"({"token":"token-1","order":"o1"})"));

    runner.succeed(1, R"("latte")");
    QCOMPARE(runner.output(), std::string(R"("latte")"));
    QCOMPARE(runner.count<WaitEnded>(), 1);
    runner.succeed(1, R"("mocha")");
    QVERIFY(runner.refusal);
    QVERIFY(runner.refusal->code == ErrorCode::InvalidTaskToken);
    QCOMPARE(runner.output(), std::string(R"("latte")"));
}

void TasksTest::theTokenIsKeptNowhere()
{
    Runner runner(
        tokenTask(R"json("Parameters":{"deep":[{"x.$":"States.Format('http://x/{}', $$.Task.Token)"}]})json"));
    runner.start(R"({"order":"o1"})");
    QVERIFY(boost::json::serialize(runner.effect<RunTask>()->parameters).find("token-1") != std::string::npos);
    QVERIFY(runner.execution.toText().find("token-1") == std::string::npos);
    for (const HistoryEntry &entry : runner.history)
        QVERIFY(boost::json::serialize(entry.details).find("token-1") == std::string::npos);
}

void TasksTest::aTimeoutFailsTheTask()
{
    Runner runner(tokenTask(R"("TimeoutSecondsPath":"$.seconds")"));
    runner.start(R"({"seconds":30})");
    QVERIFY(runner.effect<WaitStarted>()->deadline == runner.now + 30s);
    runner.pass(30s);
    runner.send(DeadlineReached{1});
    QCOMPARE(runner.status(), std::string("FAILED"));
    QCOMPARE(runner.execution.error, std::string("States.Timeout"));
    QVERIFY(runner.event("TaskTimedOut"));
    QCOMPARE(runner.count<WaitEnded>(), 1);

    Runner wrong(tokenTask(R"("TimeoutSecondsPath":"$.seconds")"));
    wrong.start(R"({"seconds":"30"})");
    QCOMPARE(wrong.execution.error, std::string("States.Runtime"));
}

void TasksTest::aDeadlineThatHasNotComeIsRefused()
{
    Runner runner(tokenTask(R"("TimeoutSeconds":30)"));
    runner.start("{}");
    runner.pass(29'999ms);
    runner.send(DeadlineReached{1});
    QVERIFY(runner.refusal);
    QVERIFY(runner.refusal->code == ErrorCode::WrongState);
    QCOMPARE(runner.status(), std::string("RUNNING"));
    runner.send(DeadlineReached{0});
    QVERIFY(runner.refusal);
    runner.send(DeadlineReached{7});
    QVERIFY(runner.refusal);
}

void TasksTest::aHeartbeatMovesTheDeadline()
{
    Runner runner(tokenTask(R"("HeartbeatSecondsPath":"$.limits.barista")"));
    runner.start(R"({"limits":{"barista":900}})");
    runner.pass(600s);
    runner.send(TaskHeartbeat{1});
    QVERIFY(runner.effect<WaitMoved>());
    QVERIFY(runner.effect<WaitMoved>()->deadline == runner.now + 900s);
    runner.pass(600s);
    runner.send(DeadlineReached{1});
    QVERIFY(runner.refusal);
    runner.pass(300s);
    runner.send(DeadlineReached{1});
    QCOMPARE(runner.execution.error, std::string("States.Timeout"));
}

void TasksTest::theEarlierOfTimeoutAndHeartbeatCounts()
{
    Runner runner(tokenTask(R"("TimeoutSeconds":12,"HeartbeatSeconds":5)"));
    runner.start("{}");
    const Timestamp started = runner.now;
    QVERIFY(runner.execution.waits().front().deadline == started + 5s);
    runner.pass(4s);
    runner.send(TaskHeartbeat{1});
    QVERIFY(runner.execution.waits().front().deadline == started + 9s);
    runner.pass(4s);
    runner.send(TaskHeartbeat{1});
    QVERIFY(runner.execution.waits().front().deadline == started + 12s);
    // Nothing moves any more, so nothing is reported.
    runner.pass(1s);
    runner.send(TaskHeartbeat{1});
    QCOMPARE(runner.count<WaitMoved>(), 0);
}

void TasksTest::anAnswerAfterTheDeadlineIsRefusedAsTimedOut()
{
    Runner ended(tokenTask(R"("TimeoutSeconds":30)"));
    ended.start("{}");
    ended.passEarliestDeadline();
    ended.succeed(1, "{}");
    QVERIFY(ended.refusal && ended.refusal->code == ErrorCode::TaskTimedOut);

    Runner retrying(tokenTask(R"("TimeoutSeconds":30,"Retry":[{"ErrorEquals":["States.Timeout"]}])"));
    retrying.start("{}");
    retrying.passEarliestDeadline();
    QCOMPARE(retrying.status(), std::string("RUNNING"));
    retrying.succeed(1, "{}");
    QVERIFY(retrying.refusal && retrying.refusal->code == ErrorCode::TaskTimedOut);
}

void TasksTest::answersToNobodyAreRefused()
{
    Runner runner(tokenTask(R"("TimeoutSeconds":30)"));
    runner.succeed(1, "{}");
    QVERIFY(runner.refusal && runner.refusal->code == ErrorCode::WrongState);
    runner.start("{}");
    runner.succeed(2, "{}");
    QVERIFY(runner.refusal && runner.refusal->code == ErrorCode::InvalidTaskToken);
    runner.send(TaskHeartbeat{2});
    QVERIFY(runner.refusal && runner.refusal->code == ErrorCode::InvalidTaskToken);
    runner.start("{}");
    QVERIFY(runner.refusal && runner.refusal->code == ErrorCode::WrongState);
    runner.send(Resumed{});
    QVERIFY(runner.refusal && runner.refusal->code == ErrorCode::WrongState);
}

void TasksTest::aRefusedInputChangesNothing()
{
    Runner runner(tokenTask(R"("TimeoutSeconds":30)"));
    runner.start("{}");
    const Execution before = runner.execution;
    const std::size_t entries = runner.history.size();
    runner.fail(9, "x");
    QVERIFY(runner.refusal);
    QVERIFY(runner.execution == before);
    QCOMPARE(runner.history.size(), entries);
    QVERIFY(runner.effects.empty());

    // Not even when the execution itself was given away.
    Execution given = before;
    const auto refused =
        advance(*runner.definition, std::move(given), TaskFailed{9, "x", ""}, runner.now, runner.supplier);
    QVERIFY(!refused);
    QVERIFY(given == before); // NOLINT(bugprone-use-after-move)
}

void TasksTest::anOutageMovesTaskDeadlinesOnly()
{
    Runner runner(tokenTask(R"("TimeoutSeconds":300,"HeartbeatSeconds":60)"));
    runner.start("{}");
    const Timestamp started = runner.now;
    runner.send(DeadlinesExtended{45s});
    QVERIFY(runner.effect<WaitMoved>() && runner.effect<WaitMoved>()->deadline == started + 105s);
    const auto *entry = runner.event("DeadlinesExtended");
    QVERIFY(entry);
    QCOMPARE(boost::json::serialize(entry->details), std::string(R"({"milliseconds":45000})"));
    QVERIFY(runner.execution.frames.front().wait->expires == started + 345s);

    Runner timer(R"({"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":10,"End":true}}})");
    timer.start("{}").send(DeadlinesExtended{45s});
    QVERIFY(!timer.refusal);
    QVERIFY(timer.effects.empty());
    QVERIFY(!timer.event("DeadlinesExtended"));
    timer.send(DeadlinesExtended{0s});
    QVERIFY(timer.refusal);
}

void TasksTest::stoppingEndsEveryWait()
{
    Runner runner(tokenTask(R"("TimeoutSeconds":300)"));
    runner.start("{}").send(Stopped{"Cancelled", "by the customer"});
    QCOMPARE(runner.status(), std::string("ABORTED"));
    QCOMPARE(runner.execution.error, std::string("Cancelled"));
    QCOMPARE(runner.execution.cause, std::string("by the customer"));
    QCOMPARE(runner.count<WaitEnded>(), 1);
    QVERIFY(runner.event("ExecutionAborted"));
    QVERIFY(runner.execution.waits().empty());
    runner.send(Stopped{});
    QVERIFY(runner.refusal && runner.refusal->code == ErrorCode::WrongState);
}

void TasksTest::theWholeExecutionMayTimeOut()
{
    Runner runner(R"({"StartAt":"W","TimeoutSeconds":60,"States":{"W":{"Type":"Wait","Seconds":90,"End":true}}})");
    runner.start("{}");
    QCOMPARE(runner.execution.waits().size(), std::size_t(2));
    QCOMPARE(runner.execution.waits().front().frame, FrameId(0));
    QVERIFY(runner.passEarliestDeadline());
    QCOMPARE(runner.status(), std::string("TIMED_OUT"));
    QCOMPARE(runner.count<WaitEnded>(), 2);
    QVERIFY(runner.event("ExecutionTimedOut"));

    Runner inTime(R"({"StartAt":"W","TimeoutSeconds":60,"States":{"W":{"Type":"Wait","Seconds":9,"End":true}}})");
    inTime.start("{}");
    QVERIFY(inTime.passEarliestDeadline());
    QCOMPARE(inTime.status(), std::string("SUCCEEDED"));
    QCOMPARE(inTime.count<WaitEnded>(), 2);
}

void TasksTest::aSideEffectThatFailsEndsTheWait()
{
    Runner runner(tokenTask(tokenParameters));
    runner.start(R"({"order":"o1"})").fail(1, "Messages.Full");
    QCOMPARE(runner.execution.error, std::string("Messages.Full"));
    QCOMPARE(runner.count<WaitEnded>(), 1);
}

void TasksTest::theContextTellsOfStateAndExecution()
{
    Runner runner(caught(R"("Parameters":{"c.$":"$$"})"));
    runner.start(R"({"a":1})");
    const auto &context = runner.effect<RunTask>()->parameters.at("c");
    QCOMPARE(std::string(context.at("Execution").at("Id").as_string()), std::string("execution-1"));
    QCOMPARE(boost::json::serialize(context.at("Execution").at("Input")), std::string(R"({"a":1})"));
    QCOMPARE(std::string(context.at("StateMachine").at("Name").as_string()), std::string("drinks"));
    QCOMPARE(std::string(context.at("State").at("Name").as_string()), std::string("T"));
    QCOMPARE(std::string(context.at("State").at("EnteredTime").as_string()), toRfc3339(runner.now));
    QVERIFY(!context.as_object().contains("Task"));
}

void TasksTest::anExecutionOfAnotherDefinitionIsRefused()
{
    Runner runner(tokenTask(R"("TimeoutSeconds":300)"));
    runner.start("{}");
    runner.definition = *Definition::parse(R"({"StartAt":"T","States":{"T":{"Type":"Succeed"}}})");
    runner.succeed(1, "{}");
    QVERIFY(runner.refusal && runner.refusal->code == ErrorCode::InvalidDefinition);
    runner.definition = *Definition::parse(R"({"StartAt":"X","States":{"X":{"Type":"Succeed"}}})");
    runner.succeed(1, "{}");
    QVERIFY(runner.refusal && runner.refusal->code == ErrorCode::InvalidDefinition);
}

QTEST_APPLESS_MAIN(TasksTest)
#include "tst_tasks.moc"
