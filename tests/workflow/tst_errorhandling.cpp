// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/runner.h"

#include <QTest>

#include <algorithm>

using namespace brewline;
using namespace brewline::workflow;
using namespace brewline::workflow::test;
using namespace std::chrono_literals;

/// Retry and Catch.
class ErrorHandlingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void retriesWaitLongerEachTime();
    void jitterShortensTheDelay();
    void eachRetrierCountsItsOwnAttempts();
    void retriedTasksGetANewToken();
    void catchersAreTriedInOrder();
    void taskFailedMatchesAllButTimeouts();
    void runtimeErrorsAreNotCaught();
    void resultsThatAreTooBigAreAnError();
    void aMissedHeartbeatIsATimeout();
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

} // namespace

void ErrorHandlingTest::retriesWaitLongerEachTime()
{
    Runner runner(caught(
        R"("Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":3,"MaxAttempts":3,"BackoffRate":2,"MaxDelaySeconds":10}])"));
    runner.start(R"({"a":1})");
    for (const auto delay : {3s, 6s, 10s}) {
        runner.fail(1, "Busy");
        QVERIFY(runner.effect<WaitStarted>());
        QVERIFY(runner.effect<WaitStarted>()->kind == WaitKind::RetryDelay);
        QVERIFY(runner.effect<WaitStarted>()->deadline == runner.now + delay);
        QVERIFY(runner.passEarliestDeadline());
        QVERIFY(runner.effect<RunTask>());
        QCOMPARE(runner.count<WaitEnded>(), 1);
    }
    runner.fail(1, "Busy");
    QCOMPARE(runner.output(), std::string(R"({"caught":{"a":1,"error":{"Error":"Busy","Cause":"because"}}})"));
    const auto types = runner.eventTypes();
    QCOMPARE(std::ranges::count(types, "TaskStateEntered"), std::ptrdiff_t(1));
    QCOMPARE(std::ranges::count(types, "TaskScheduled"), std::ptrdiff_t(4));
    QCOMPARE(std::ranges::count(types, "TaskFailed"), std::ptrdiff_t(4));
}

void ErrorHandlingTest::jitterShortensTheDelay()
{
    Runner runner(caught(R"("Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":8,"JitterStrategy":"FULL"}])"));
    runner.supplier.nextRandom = 0.25;
    runner.start("{}").fail(1, "Busy");
    QVERIFY(runner.effect<WaitStarted>()->deadline == runner.now + 2s);
}

void ErrorHandlingTest::eachRetrierCountsItsOwnAttempts()
{
    Runner runner(caught(
        R"("Retry":[{"ErrorEquals":["Never"],"MaxAttempts":0},{"ErrorEquals":["A"],"MaxAttempts":1},{"ErrorEquals":["States.ALL"],"MaxAttempts":1}])"));
    runner.start("{}");
    runner.fail(1, "A").passEarliestDeadline();
    runner.fail(1, "B").passEarliestDeadline();
    QCOMPARE(runner.status(), std::string("RUNNING"));
    runner.fail(1, "A");
    QCOMPARE(runner.status(), std::string("SUCCEEDED"));

    Runner never(caught(R"("Retry":[{"ErrorEquals":["Never"],"MaxAttempts":0},{"ErrorEquals":["States.ALL"]}])"));
    never.start("{}").fail(1, "Never");
    QCOMPARE(never.status(), std::string("SUCCEEDED"));
}

void ErrorHandlingTest::retriedTasksGetANewToken()
{
    Runner runner(tokenTask(R"("Retry":[{"ErrorEquals":["States.ALL"]}],"Parameters":{"n.$":"$$.State.RetryCount"})"));
    runner.start("{}").fail(1, "Busy");
    QVERIFY(runner.passEarliestDeadline());
    QVERIFY(runner.effect<RunTask>()->token == "token-2");
    QCOMPARE(boost::json::serialize(runner.effect<RunTask>()->parameters), std::string(R"({"n":1})"));
}

void ErrorHandlingTest::catchersAreTriedInOrder()
{
    const std::string definition = task(
        R"("Catch":[{"ErrorEquals":["A","B"],"ResultPath":null,"Next":"Done"},{"ErrorEquals":["States.ALL"],"Next":"Caught"}])");
    Runner first(definition);
    first.start(R"({"a":1})").fail(1, "B");
    QCOMPARE(first.output(), std::string(R"({"a":1})"));
    Runner second(definition);
    second.start(R"({"a":1})").fail(1, "C", "milk");
    QCOMPARE(second.output(), std::string(R"({"caught":{"Error":"C","Cause":"milk"}})"));
    QCOMPARE(second.events(),
             std::string("ExecutionStarted TaskStateEntered TaskScheduled TaskStarted TaskFailed TaskStateExited "
                         "PassStateEntered PassStateExited ExecutionSucceeded"));
    const auto *failed = second.event("TaskFailed");
    QCOMPARE(boost::json::serialize(failed->details), std::string(R"({"error":"C","cause":"milk"})"));
}

void ErrorHandlingTest::taskFailedMatchesAllButTimeouts()
{
    const std::string definition =
        task(R"("TimeoutSeconds":5,"Catch":[{"ErrorEquals":["States.TaskFailed"],"Next":"Caught"}])");
    Runner failed(definition);
    failed.start("{}").fail(1, "Printer.Jam");
    QCOMPARE(failed.status(), std::string("SUCCEEDED"));
    Runner timedOut(definition);
    timedOut.start("{}");
    timedOut.passEarliestDeadline();
    QCOMPARE(timedOut.status(), std::string("FAILED"));
}

void ErrorHandlingTest::runtimeErrorsAreNotCaught()
{
    Runner parameters(caught(R"("Parameters":{"a.$":"$.missing"},"Retry":[{"ErrorEquals":["States.ALL"]}])"));
    parameters.start("{}");
    QCOMPARE(parameters.execution.error, std::string("States.Runtime"));
    Runner output(caught(R"("OutputPath":"$.missing")"));
    output.start("{}").succeed(1, "{}");
    QCOMPARE(output.execution.error, std::string("States.Runtime"));
    QVERIFY(!output.event("TaskStateExited"));
}

void ErrorHandlingTest::resultsThatAreTooBigAreAnError()
{
    const std::string big = '"' + std::string(256 * 1024, 'x') + '"';
    Runner runner(caught(R"("ResultPath":"$.result")"));
    runner.start("{}").succeed(1, big);
    QVERIFY(runner.output().find("States.DataLimitExceeded") != std::string::npos);
    QVERIFY(runner.event("TaskFailed"));

    // The result alone fits, what comes of it does not.
    const std::string justFits = '"' + std::string(256 * 1024 - 2, 'x') + '"';
    Runner combined(caught(R"("ResultPath":"$.result")"));
    combined.start("{}").succeed(1, justFits);
    QVERIFY(combined.output().find("States.DataLimitExceeded") != std::string::npos);

    Runner input(caught(R"("ResultPath":"$.result")"));
    input.start(big);
    QVERIFY(input.refusal && input.refusal->code == ErrorCode::InvalidField);
}

void ErrorHandlingTest::aMissedHeartbeatIsATimeout()
{
    const auto errorSeenBy = [](const char *name) {
        Runner runner(
            task(std::string(R"("HeartbeatSeconds":5,"Catch":[{"ErrorEquals":[")") + name + R"("],"Next":"Caught"}])"));
        runner.start("{}");
        runner.passEarliestDeadline();
        return runner.status() == "SUCCEEDED" ? runner.output() : "uncaught " + runner.execution.error;
    };
    const std::string timeout = R"({"caught":{"Error":"States.Timeout","Cause":""}})";
    QCOMPARE(errorSeenBy("States.Timeout"), timeout);
    QCOMPARE(errorSeenBy("States.HeartbeatTimeout"), timeout);
    QCOMPARE(errorSeenBy("States.ALL"), timeout);
    QCOMPARE(errorSeenBy("States.TaskFailed"), std::string("uncaught States.Timeout"));
}

QTEST_APPLESS_MAIN(ErrorHandlingTest)
#include "tst_errorhandling.moc"
