// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/commitrate.h"
#include "bench/measurement.h"
#include "bench/orderload.h"
#include "bench/stafflistener.h"
#include "contracts/topics.h"
#include "demo/backendprocess.h"
#include "demo/staging.h"
#include "demo/stopsignals.h"

#include <boost/json/object.hpp>

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <cstdio>
#include <cstdlib>
#include <optional>

/// Whole orders a second against a real backend: durable, with its broker, over the public API.
namespace {

using namespace Qt::StringLiterals;
using namespace brewline::bench;
namespace demo = brewline::demo;
using brewline::ErrorCode;
using brewline::EventId;
using brewline::failure;
using brewline::Milliseconds;
using brewline::Result;

constexpr int wrongCommandLine = 2;
constexpr int visitorsPerBarista = 8;
constexpr auto diskTime = std::chrono::seconds(2);
constexpr auto longestLogin = std::chrono::seconds(5);
constexpr auto longestOutbox = std::chrono::seconds(60);
constexpr auto eventId = "BENCH";

constexpr auto usage = R"(Usage: brewline-bench-orders [options]

Lets many visitors order at once: whole orders a second (scan, drink, claim, complete: four HTTP requests each).

  --visitors N   how many at the same time (default 64)
  --seconds T    how long each of the two phases takes (default 15)
  --warm-up W    seconds before the first one (default 3)
  --folder DIR   keep the data in a new folder in DIR, which should be on the disk to be measured
                 (default: the build folder)
)";

constexpr auto eventFile = R"(id = "BENCH"
name = "Bench"
[limits]
maxOrdersInQueue = 1000000
drinksPerCode = 1000000
codeSeconds = 86400
[[menu]]
id = "latte"
name = "Latte"
[[menu.options]]
id = "milk"
name = "Milk"
choices = [{ id = "oat", name = "Oat milk" }]
)";

struct Options {
    bool help = false;
    int visitors = 64;
    int seconds = 15;
    int warmUp = 3;
    QString folder;
};

bool readNumber(const QString &text, int minimum, int maximum, int &number)
{
    bool isNumber = false;
    number = text.toInt(&isNumber);
    return isNumber && number >= minimum && number <= maximum;
}

std::optional<Options> readOptions(const QStringList &arguments)
{
    Options options;
    options.folder = QDir::cleanPath(QCoreApplication::applicationDirPath() + u"/.."_s);
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &name = arguments[i];
        const QString value = arguments.value(i + 1);
        bool good = false;
        if (name == "--help"_L1 || name == "-h"_L1) {
            options.help = true;
            return options;
        }
        if (name == "--visitors"_L1)
            good = readNumber(value, 1, 1500, options.visitors);
        else if (name == "--seconds"_L1)
            good = readNumber(value, 1, 3600, options.seconds);
        else if (name == "--warm-up"_L1)
            good = readNumber(value, 0, 600, options.warmUp);
        else if (name == "--folder"_L1) {
            options.folder = value;
            good = !value.isEmpty();
        }
        if (!good)
            return std::nullopt;
        ++i;
    }
    return options;
}

/// Lets Ctrl-C end the measurement, too.
class StopHandler final : public Poller::Handler {
public:
    StopHandler(Poller &poller, demo::StopSignals &signals)
        : m_poller(poller)
        , m_signals(signals)
    {
        m_poller.add(m_signals.descriptor(), *this);
    }
    ~StopHandler() override { m_poller.remove(m_signals.descriptor()); }
    void readable(bool) override { m_signals.read(); }

private:
    Poller &m_poller;
    demo::StopSignals &m_signals;
};

/// The backend, the load on it, and the listener at its broker.
class Bench {
public:
    Bench(const Options &options, QString folder, demo::StopSignals &signals)
        : m_options(options)
        , m_folder(std::move(folder))
        , m_signals(signals)
        , m_backend(m_folder, signals)
        , m_stopHandler(m_poller, signals)
        , m_listener(m_poller)
    {
    }

    Result<Measurement> run()
    {
        Measurement measurement;
        measurement.visitors = std::size_t(m_options.visitors);
        measurement.folder = m_folder.toStdString();
        const auto rate = commitRate(m_folder.toStdString(), diskTime);
        if (!rate)
            return tl::unexpected(rate.error());
        measurement.commitsPerSecond = *rate;
        if (const auto prepared = prepare(); !prepared)
            return tl::unexpected(prepared.error());
        if (m_options.warmUp > 0)
            measure([&] { return m_load->runClosed(std::chrono::seconds(m_options.warmUp)); });
        const Milliseconds duration = std::chrono::seconds(m_options.seconds);
        measurement.full = measure([&] { return m_load->runClosed(duration); });
        const double half = measurement.full.load.ordersPerSecond() / 2;
        if (half > 0)
            measurement.half = measure([&] { return m_load->runOpen(duration, half); });
        if (m_signals.isStopRequested())
            return failure(ErrorCode::Unreachable, "Stopped.");
        return measurement;
    }

    Result<void> stop() { return m_backend.isRunning() ? m_backend.stop() : Result<void>(); }

private:
    Result<void> prepare()
    {
        QFile file(QDir(m_folder).filePath(u"bench.toml"_s));
        if (!file.open(QIODevice::WriteOnly) || file.write(eventFile) < 0)
            return failure(ErrorCode::StorageUnavailable, "The event file cannot be written.");
        file.close();
        if (const auto started = m_backend.start({file.fileName()}); !started)
            return started;
        const auto token = m_backend.organiserToken();
        if (!token)
            return tl::unexpected(token.error());
        demo::Staging staging(m_backend.http(), EventId(eventId), *token, m_signals);
        if (const auto opened = staging.open(); !opened)
            return opened;
        if (const auto admitted = admit(staging); !admitted)
            return admitted;
        return listen(staging);
    }

    Result<void> admit(demo::Staging &staging)
    {
        const auto display = staging.pair(brewline::Role::Display, "TV");
        if (!display)
            return tl::unexpected(display.error());
        const auto code = staging.code(*display);
        if (!code)
            return tl::unexpected(code.error());
        const auto *text = code->if_contains("code");
        OrderLoad::Place place{
            std::uint16_t(m_backend.http().port()), eventId, {}, R"({"item":"latte","options":["oat"]})"};
        if (text && text->is_string())
            place.code = std::string(text->get_string());
        m_load =
            std::make_unique<OrderLoad>(m_poller, std::move(place), [this] { return m_signals.isStopRequested(); });
        demo::Account barista;
        for (int i = 0; i < m_options.visitors; ++i) {
            if (i % visitorsPerBarista == 0) {
                auto paired = staging.pair(brewline::Role::Barista, "Barista " + std::to_string(i));
                if (!paired)
                    return tl::unexpected(paired.error());
                barista = *std::move(paired);
            }
            const auto guest = staging.guest("Visitor " + std::to_string(i));
            if (!guest)
                return tl::unexpected(guest.error());
            if (!m_load->addVisitor(guest->token.toStdString(), barista.token.toStdString()))
                return failure(ErrorCode::Unreachable, "The backend takes no more connections.");
        }
        return {};
    }

    Result<void> listen(demo::Staging &staging)
    {
        const auto staff = staging.pair(brewline::Role::Barista, "Listener");
        if (!staff)
            return tl::unexpected(staff.error());
        const auto options = demo::mqttOptions({m_backend.http(), m_backend.mqttPort()}, *staff);
        if (!m_listener.connect(options.port))
            return failure(ErrorCode::Unreachable, "The broker takes no connection.");
        m_listener.listen({options.clientId, options.userName, options.password},
                          brewline::topics::staff(EventId(eventId)));
        pollUntil(longestLogin, [this] { return m_listener.isListening(); });
        if (!m_listener.isListening())
            return failure(ErrorCode::Unreachable, "The broker does not let the listener in.");
        return {};
    }

    template<typename Condition>
    void pollUntil(Milliseconds patience, Condition done)
    {
        const auto end = std::chrono::steady_clock::now() + patience;
        while (!done() && !m_signals.isStopRequested() && std::chrono::steady_clock::now() < end)
            m_poller.poll(end);
    }

    template<typename Run>
    Phase measure(Run run)
    {
        m_listener.forgetLags();
        const std::int64_t changesBefore = m_load->changes();
        const std::int64_t heardBefore = m_listener.changes();
        const std::int64_t faultsBefore = m_listener.faults();
        const ProcessorUse before = processorUse(m_backend.processId());
        Phase phase;
        phase.load = run();
        phase.use = processorUse(m_backend.processId()) - before;
        pollUntil(longestOutbox, [this] { return m_listener.changes() >= m_load->changes(); });
        phase.changes = m_load->changes() - changesBefore;
        phase.messages = m_listener.changes() - heardBefore;
        phase.messageFaults = m_listener.faults() - faultsBefore;
        phase.lags = m_listener.lags();
        phase.lastMessage = std::chrono::duration_cast<Milliseconds>(m_listener.lastArrival() - phase.load.lastAnswer);
        return phase;
    }

    Options m_options;
    QString m_folder;
    const demo::StopSignals &m_signals;
    demo::BackendProcess m_backend;
    Poller m_poller;
    StopHandler m_stopHandler;
    StaffListener m_listener;
    std::unique_ptr<OrderLoad> m_load;
};

int complain(const std::string &sentence, int status = EXIT_FAILURE)
{
    std::fprintf(stderr, "brewline-bench-orders: %s\n", sentence.c_str());
    return status;
}

int run(const Options &options)
{
    const QTemporaryDir folder(QDir(options.folder).filePath(u"bench-orders-XXXXXX"_s));
    if (!folder.isValid())
        return complain("No folder can be made in " + options.folder.toStdString() + '.', wrongCommandLine);
    demo::StopSignals signals;
    Bench bench(options, folder.path(), signals);
    const auto measurement = bench.run();
    const auto stopped = bench.stop();
    if (!measurement)
        return complain(measurement.error().detail);
    std::fputs(table(*measurement).c_str(), stdout);
    std::fputs(jsonLine(*measurement).c_str(), stdout);
    if (!stopped)
        return complain(stopped.error().detail);
    return isFlawless(*measurement) ? EXIT_SUCCESS : complain("There were errors or lost messages, see above.");
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"brewline-bench-orders"_s);
    const auto options = readOptions(QCoreApplication::arguments().mid(1));
    if (!options || options->help) {
        std::fputs(usage, options ? stdout : stderr);
        return options ? EXIT_SUCCESS : wrongCommandLine;
    }
    return run(*options);
}
