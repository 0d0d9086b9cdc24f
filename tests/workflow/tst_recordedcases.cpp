// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/runner.h"

#include <QFile>
#include <QTest>

using namespace brewline::workflow;
using namespace brewline::workflow::test;
namespace json = boost::json;

namespace {

QByteArray recordedLines()
{
    for (const QString &folder :
         {qEnvironmentVariable("BREWLINE_SHARED"), QStringLiteral(BREWLINE_SOURCE_DIR "/../shared")}) {
        QFile file(folder + QStringLiteral("/asl-cases/visible.jsonl"));
        if (!folder.isEmpty() && file.open(QIODevice::ReadOnly))
            return file.readAll();
    }
    return {};
}

std::string textOf(const json::value &value)
{
    return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

Mocks mocksOf(const json::object &recorded)
{
    Mocks mocks;
    for (const json::key_value_pair &state : recorded) {
        for (const json::value &each : state.value().as_array()) {
            Mock mock;
            if (const json::value *output = each.as_object().if_contains("Return")) {
                mock.output = *output;
            } else if (const json::value *thrown = each.as_object().if_contains("Throw")) {
                mock.kind = Mock::Kind::Throw;
                mock.error = textOf(thrown->at("Error"));
                mock.cause = thrown->as_object().contains("Cause") ? textOf(thrown->at("Cause")) : "";
            } else {
                mock.kind = Mock::Kind::Timeout;
            }
            mocks[std::string(state.key())].push_back(std::move(mock));
        }
    }
    return mocks;
}

/// The records keep inputs and outputs that are no objects as JSON text.
json::value decoded(const json::value &recorded)
{
    boost::system::error_code error;
    const json::value value = recorded.is_string() ? json::parse(recorded.get_string(), error) : recorded;
    return error ? recorded : value;
}

/// The records name the state only where it is entered or left.
json::array recordedForm(const std::vector<HistoryEntry> &history)
{
    json::array events;
    for (const HistoryEntry &entry : history) {
        const bool namesState = entry.type.ends_with("StateEntered") || entry.type.ends_with("StateExited");
        events.push_back(json::array{entry.type, namesState ? json::value(entry.state) : json::value()});
    }
    return events;
}

/// Empty when the execution went as recorded.
std::string difference(const json::object &recorded)
{
    Runner runner(json::serialize(recorded.at("definition")));
    if (!runner.isValid())
        return "refused: " + runner.faults.front().pointer + ": " + runner.faults.front().message;
    runner.startWith(decoded(recorded.at("input")));
    if (runner.refusal || !runToEnd(runner, mocksOf(recorded.at("mocks").as_object())))
        return "stuck";
    const json::object &expected = recorded.at("expect").as_object();
    const std::string status(toString(runner.execution.status));
    if (status != expected.at("status").as_string())
        return status + " " + runner.execution.error + ": " + runner.execution.cause;
    if (const json::value *output = expected.if_contains("output")) {
        if (decoded(*output) != runner.execution.output)
            return "output " + runner.output();
    }
    if (const json::value *error = expected.if_contains("error")) {
        if ((error->is_null() ? "" : textOf(*error)) != runner.execution.error)
            return "error " + runner.execution.error;
    }
    if (const json::array *events = recorded.at("events").if_array()) {
        if (const json::array own = recordedForm(runner.history); own != *events)
            return "events " + json::serialize(own);
    }
    return {};
}

} // namespace

/// Replays executions that were recorded from the reference service.
class RecordedCasesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void executionsEndAsRecorded()
    {
        const QByteArray lines = recordedLines();
        if (lines.isEmpty())
            QSKIP("The recorded cases are not here; set BREWLINE_SHARED to the folder that holds asl-cases.");
        int all = 0;
        int same = 0;
        for (const QByteArray &line : lines.split('\n')) {
            if (line.isEmpty())
                continue;
            ++all;
            const json::value recorded = json::parse(line.toStdString());
            const std::string different = difference(recorded.as_object());
            if (different.empty())
                ++same;
            else
                qInfo("%s: %s", recorded.at("name").as_string().c_str(), different.substr(0, 300).c_str());
        }
        qInfo("%d of %d executions went as recorded", same, all);
        QVERIFY(same * 100 >= all * 97);
    }
};

QTEST_APPLESS_MAIN(RecordedCasesTest)
#include "tst_recordedcases.moc"
