// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/runner.h"

#include <QTest>

#include <random>

using namespace brewline;
using namespace brewline::workflow;
using namespace brewline::workflow::test;
using namespace std::chrono_literals;
namespace json = boost::json;

/// Executions as JSON.
class ExecutionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theFormatStaysReadable();
    void goingThroughTextBetweenInputsChangesNothing_data();
    void goingThroughTextBetweenInputsChangesNothing();
    void deeplyNestedDataIsReadBack();
    void malformedDocumentsAreRefused_data();
    void malformedDocumentsAreRefused();
};

namespace {

constexpr std::string_view everything = R"({"StartAt":"A","TimeoutSeconds":5000,"States":{
    "A":{"Type":"Pass","Assign":{"n":1,"who.$":"$$.Execution.Name"},"Next":"P"},
    "P":{"Type":"Parallel","ResultPath":"$.p","Next":"M","Retry":[{"ErrorEquals":["Again"],"MaxAttempts":2}],
         "Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.e","Next":"M"}],"Branches":[
        {"StartAt":"B","States":{"B":{"Type":"Task","Resource":"b.waitForTaskToken","TimeoutSeconds":90,
            "HeartbeatSeconds":20,"Retry":[{"ErrorEquals":["Busy"]}],"Next":"C"},"C":{"Type":"Wait","Seconds":7,"End":true}}},
        {"StartAt":"D","States":{"D":{"Type":"Task","Resource":"d","TimeoutSeconds":30,"End":true}}}]},
    "M":{"Type":"Map","ItemsPath":"$.items","MaxConcurrency":2,"ToleratedFailureCount":1,"ResultPath":"$.m",
        "ItemProcessor":{"StartAt":"E","States":{"E":{"Type":"Task","Resource":"e.waitForTaskToken",
            "Parameters":{"i.$":"$$.Map.Item.Index","who.$":"$who"},"HeartbeatSeconds":60,"End":true}}},
        "Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.e","Next":"Z"}],"Next":"Z"},
    "Z":{"Type":"Succeed"}}})";

/// An input that may or may not fit, the same for equal states of \a random.
Input anyInput(std::mt19937 &random, const Execution &execution)
{
    const std::vector<Wait> waits = execution.waits();
    const FrameId frame = waits.empty() ? 1 : waits[random() % waits.size()].frame;
    switch (random() % 8) {
    case 0:
        return TaskFailed{frame, "Busy", "b"};
    case 1:
        return TaskFailed{frame, "Again", "a"};
    case 2:
        return TaskHeartbeat{frame};
    case 3:
        return DeadlinesExtended{Milliseconds(random() % 5000)};
    case 4:
    case 5:
        return DeadlineReached{frame};
    default:
        return TaskSucceeded{frame, json::object{{"n", random() % 100}}};
    }
}

} // namespace

void ExecutionTest::theFormatStaysReadable()
{
    Runner runner(R"({"StartAt":"T","States":{"T":{"Type":"Task","Resource":"r.waitForTaskToken","HeartbeatSeconds":60,
        "Assign":{"x":1},"Next":"T"}}})");
    runner.send(Start{json::object{{"a", 1}}, json::object{{"Execution", json::object{{"Id", "e"}}}}});
    // Kept executions outlive the program that wrote them: a change of this text needs a new version number.
    QCOMPARE(
        runner.execution.toText(),
        std::string(R"({"v":1,"status":"running","context":{"Execution":{"Id":"e","Input":{"a":1}}},"nextFrame":2,)"
                    R"("historyLength":5,"frames":[{"id":1,"state":"T","data":{"a":1},"phase":"waiting",)"
                    R"("entered":1760000000000,"wait":{"kind":"token","heartbeatDue":1760000060000,)"
                    R"("heartbeat":60000}}]})"));
}

void ExecutionTest::goingThroughTextBetweenInputsChangesNothing_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 60; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

void ExecutionTest::goingThroughTextBetweenInputsChangesNothing()
{
    QFETCH(unsigned, seed);
    Runner kept(everything);
    Runner stored(everything);
    QVERIFY(kept.isValid());
    stored.roundTrips = true;
    const json::value input{{"items", {1, 2, 3, 4}}};
    kept.startWith(input);
    stored.startWith(input);
    std::mt19937 random(seed);
    for (int i = 0; i < 60; ++i) {
        const Milliseconds time(random() % 30'000);
        kept.pass(time);
        stored.pass(time);
        const Input next = anyInput(random, kept.execution);
        kept.send(next);
        stored.send(next);
        QVERIFY(kept.refusal == stored.refusal);
        QVERIFY(kept.execution == stored.execution);
        QCOMPARE(kept.effects.size(), stored.effects.size());
        QCOMPARE(kept.events(), stored.events());
        // Every wait that the execution knows has a deadline row or an effect that made one, and none is left over.
        if (kept.execution.hasEnded())
            QVERIFY(kept.execution.waits().empty());
    }
}

void ExecutionTest::deeplyNestedDataIsReadBack()
{
    json::value nested = 1;
    for (int i = 0; i < 100; ++i)
        nested = json::array{nested};
    Runner runner(R"({"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":5,"End":true}}})");
    runner.startWith(nested);
    const auto read = Execution::fromText(runner.execution.toText());
    QVERIFY(read);
    QVERIFY(*read == runner.execution);
}

void ExecutionTest::malformedDocumentsAreRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("pointer");
    QTest::newRow("no JSON") << QByteArray("{") << QByteArray("");
    QTest::newRow("no object") << QByteArray("[]") << QByteArray("");
    QTest::newRow("no version") << QByteArray("{}") << QByteArray("/v");
    QTest::newRow("newer version") << QByteArray(R"({"v":2,"status":"running"})") << QByteArray("/v");
    QTest::newRow("unknown status") << QByteArray(R"({"v":1,"status":"brewing"})") << QByteArray("/status");
    QTest::newRow("frames") << QByteArray(R"({"v":1,"status":"running","frames":{}})") << QByteArray("/frames");
    QTest::newRow("frame") << QByteArray(R"({"v":1,"status":"running","frames":[1]})") << QByteArray("/frames/0");
    QTest::newRow("phase") << QByteArray(R"({"v":1,"status":"running","frames":[{"id":1}]})")
                           << QByteArray("/frames/0/phase");
    QTest::newRow("id") << QByteArray(R"({"v":1,"status":"running","frames":[{"id":-1,"phase":"ready"}]})")
                        << QByteArray("/frames/0/id");
    QTest::newRow("wait")
        << QByteArray(R"({"v":1,"status":"running","frames":[{"id":1,"phase":"waiting","wait":{"kind":"bus"}}]})")
        << QByteArray("/frames/0/wait/kind");
}

void ExecutionTest::malformedDocumentsAreRefused()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, pointer);
    const auto read = Execution::fromText(text.toStdString());
    QVERIFY(!read);
    QVERIFY(read.error().code == ErrorCode::InvalidField);
    QCOMPARE(read.error().pointer, pointer.toStdString());
}

QTEST_APPLESS_MAIN(ExecutionTest)
#include "tst_execution.moc"
