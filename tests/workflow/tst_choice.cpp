// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/comparison.h"
#include "workflow/runner.h"

#include <QTest>

using namespace brewline::workflow;
using namespace brewline::workflow::test;

namespace {

/// Runs a Choice state with the one rule \a condition; "true", "false" or the error it ended with.
std::string outcomeOf(const std::string &condition, std::string_view input)
{
    Runner runner(R"({"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{)" + condition +
                  R"(,"Next":"T"}],"Default":"F"},"T":{"Type":"Pass","Result":true,"End":true},
                  "F":{"Type":"Pass","Result":false,"End":true}}})");
    if (!runner.isValid())
        return "refused: " + runner.faults.front().message;
    runner.start(input);
    return runner.execution.status == Status::Succeeded ? runner.output() : runner.execution.error;
}

QByteArray member(const QByteArray &name, const QByteArray &value)
{
    return '"' + name + "\":" + value;
}

} // namespace

/// Every operator of Choice rules.
class ChoiceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void operatorsCompare_data()
    {
        QTest::addColumn<QByteArray>("condition");
        QTest::addColumn<QByteArray>("input");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *condition, const char *input, const char *expected) {
            QTest::addRow("%s of %s", condition, input)
                << QByteArray(condition) << QByteArray(input) << QByteArray(expected);
        };
        // Operator, operand, then values that are less, equal, greater, and of another type.
        struct Order {
            const char *type;
            const char *operand;
            const char *less;
            const char *equal;
            const char *greater;
            const char *other;
        };
        const Order orders[] = {
            {"String", R"("latte")", R"("espresso")", R"("latte")", R"("mocha")", "1"},
            {"Numeric", "5", "-4.5", "5.0", "6", R"("5")"},
            {"Timestamp", R"("2026-11-21T09:30:00Z")", R"("2026-11-21T09:29:59.999999999Z")",
             R"("2026-11-21T10:30:00+01:00")", R"("2026-11-21T09:30:00.000000001Z")", R"("noon")"},
        };
        struct Relation {
            const char *name;
            const char *less;
            const char *equal;
            const char *greater;
        };
        const Relation relations[] = {{"Equals", "false", "true", "false"},
                                      {"LessThan", "true", "false", "false"},
                                      {"LessThanEquals", "true", "true", "false"},
                                      {"GreaterThan", "false", "false", "true"},
                                      {"GreaterThanEquals", "false", "true", "true"}};
        for (const Order &order : orders) {
            for (const Relation &relation : relations) {
                const QByteArray name = QByteArray(order.type) + relation.name;
                const QByteArray literal = member("Variable", R"("$.v")") + "," + member(name, order.operand);
                const QByteArray path = member("Variable", R"("$.v")") + "," + member(name + "Path", R"("$.o")");
                const auto input = [&](const char *value) {
                    return QByteArray(R"({"v":)") + value + R"(,"o":)" + order.operand + "}";
                };
                for (const QByteArray &condition : {literal, path}) {
                    row(condition, input(order.less), relation.less);
                    row(condition, input(order.equal), relation.equal);
                    row(condition, input(order.greater), relation.greater);
                    row(condition, input(order.other), "false");
                    row(condition, input("null"), "false");
                }
            }
        }
        row(R"("Variable":"$.v","BooleanEquals":true)", R"({"v":true})", "true");
        row(R"("Variable":"$.v","BooleanEquals":false)", R"({"v":0})", "false");
        row(R"("Variable":"$.v","BooleanEqualsPath":"$.o")", R"({"v":false,"o":false})", "true");
        row(R"("Variable":"$.v","NumericEquals":9007199254740993)", R"({"v":9007199254740992})", "false");
        row(R"("Variable":"$.v","StringMatches":"log-*.txt")", R"({"v":"log-2026.txt"})", "true");
        row(R"("Variable":"$.v","StringMatches":"log-*.txt")", R"({"v":"log-2026.txt.gz"})", "false");
        row(R"("Variable":"$.v","StringMatches":"*")", R"({"v":""})", "true");
        row(R"("Variable":"$.v","StringMatches":"a\\*b")", R"({"v":"a*b"})", "true");
        row(R"("Variable":"$.v","StringMatches":"a\\*b")", R"({"v":"axb"})", "false");
    }

    void operatorsCompare()
    {
        QFETCH(QByteArray, condition);
        QFETCH(QByteArray, input);
        QFETCH(QByteArray, expected);
        QCOMPARE(outcomeOf(condition.toStdString(), input.toStdString()), expected.toStdString());
    }

    void testsLookAtTheKindOfValue_data()
    {
        QTest::addColumn<QByteArray>("test");
        QTest::addColumn<QByteArray>("passing");
        QTest::newRow("null") << QByteArray("IsNull") << QByteArray("null");
        QTest::newRow("numeric") << QByteArray("IsNumeric") << QByteArray("1.5");
        QTest::newRow("string") << QByteArray("IsString") << QByteArray(R"("x")");
        QTest::newRow("boolean") << QByteArray("IsBoolean") << QByteArray("false");
        QTest::newRow("timestamp") << QByteArray("IsTimestamp") << QByteArray(R"("2026-11-21T09:30:00Z")");
    }

    void testsLookAtTheKindOfValue()
    {
        QFETCH(QByteArray, test);
        QFETCH(QByteArray, passing);
        const auto outcome = [&](const char *expected, const QByteArray &value) {
            return outcomeOf((member("Variable", R"("$.v")") + "," + member(test, expected)).toStdString(),
                             (R"({"v":)" + value + "}").toStdString());
        };
        QCOMPARE(outcome("true", passing), std::string("true"));
        QCOMPARE(outcome("false", passing), std::string("false"));
        QCOMPARE(outcome("true", "[]"), std::string("false"));
        QCOMPARE(outcome("false", "{}"), std::string("true"));
    }

    void presenceIsTheOnlyTestThatAMissingValueSurvives()
    {
        QCOMPARE(outcomeOf(R"("Variable":"$.v","IsPresent":true)", R"({"v":null})"), std::string("true"));
        QCOMPARE(outcomeOf(R"("Variable":"$.v","IsPresent":true)", "{}"), std::string("false"));
        QCOMPARE(outcomeOf(R"("Variable":"$.v.w[3]","IsPresent":false)", R"({"v":1})"), std::string("true"));
        QCOMPARE(outcomeOf(R"("Variable":"$.v","IsNull":true)", "{}"), std::string("States.Runtime"));
        QCOMPARE(outcomeOf(R"("Variable":"$.v","StringEquals":"x")", "{}"), std::string("States.Runtime"));
        QCOMPARE(outcomeOf(R"("Variable":"$.v","StringEqualsPath":"$.o")", R"({"v":"x"})"),
                 std::string("States.Runtime"));
    }

    void conditionsCombine()
    {
        const std::string small = R"({"Variable":"$.v","NumericLessThan":5})";
        const std::string odd = R"({"Variable":"$.odd","BooleanEquals":true})";
        const auto both = R"("And":[)" + small + "," + odd + "]";
        const auto either = R"("Or":[)" + small + "," + odd + "]";
        QCOMPARE(outcomeOf(both, R"({"v":3,"odd":true})"), std::string("true"));
        QCOMPARE(outcomeOf(both, R"({"v":2,"odd":false})"), std::string("false"));
        QCOMPARE(outcomeOf(either, R"({"v":7,"odd":true})"), std::string("true"));
        QCOMPARE(outcomeOf(either, R"({"v":8,"odd":false})"), std::string("false"));
        QCOMPARE(outcomeOf(R"("Not":)" + small, R"({"v":8})"), std::string("true"));
        QCOMPARE(outcomeOf(R"("Not":{"And":[)" + small + R"(,{"Not":)" + odd + "}]}", R"({"v":2,"odd":false})"),
                 std::string("false"));
        // What comes after the decision is not looked at.
        QCOMPARE(outcomeOf(either, R"({"v":1})"), std::string("true"));
    }

    void theFirstMatchingRuleWins()
    {
        Runner runner(R"({"StartAt":"C","States":{"C":{"Type":"Choice","InputPath":"$.order","OutputPath":"$.size",
            "Choices":[{"Variable":"$.size","NumericGreaterThan":3,"Next":"Big"},
                       {"Variable":"$.size","NumericGreaterThan":1,"Next":"Medium"}]},
            "Big":{"Type":"Fail","Error":"big"},"Medium":{"Type":"Succeed"}}})");
        runner.start(R"({"order":{"size":2}})");
        QCOMPARE(runner.status(), std::string("SUCCEEDED"));
        QCOMPARE(runner.output(), std::string("2"));
        QCOMPARE(runner.events(), std::string("ExecutionStarted ChoiceStateEntered ChoiceStateExited "
                                              "SucceedStateEntered SucceedStateExited ExecutionSucceeded"));
    }

    void noMatchWithoutDefaultFails()
    {
        Runner runner(R"({"StartAt":"C","States":{"C":{"Type":"Choice",
            "Choices":[{"Variable":"$.v","IsNull":true,"Next":"D"}]},"D":{"Type":"Succeed"}}})");
        runner.start(R"({"v":1})");
        QCOMPARE(runner.status(), std::string("FAILED"));
        QCOMPARE(runner.execution.error, std::string("States.NoChoiceMatched"));
    }

    void patternsDoNotExplode()
    {
        // A naive matcher needs exponential time for this.
        const std::string text(2000, 'a');
        std::string pattern;
        for (int i = 0; i < 200; ++i)
            pattern += "*a";
        QVERIFY(!matchesPattern(text, pattern + "b"));
        QVERIFY(matchesPattern(text, pattern));
    }
};

QTEST_APPLESS_MAIN(ChoiceTest)
#include "tst_choice.moc"
