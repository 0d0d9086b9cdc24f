// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/measurement.h"

#include "demo/processtree.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <cmath>
#include <cstdarg>
#include <cstdio>

#include <unistd.h>

namespace brewline::bench {

namespace json = boost::json;

namespace {

double milliseconds(Latencies::Duration duration)
{
    return double(duration.count()) / 1000;
}

double seconds(Milliseconds duration)
{
    return double(duration.count()) / 1000;
}

[[gnu::format(printf, 1, 2)]] std::string format(const char *pattern, ...)
{
    std::array<char, 256> text{};
    va_list arguments;
    va_start(arguments, pattern);
    std::vsnprintf(text.data(), text.size(), pattern, arguments);
    va_end(arguments);
    return text.data();
}

std::string latencyRow(std::string_view name, const Latencies &latencies)
{
    return format("  %-22.*s %9zu %9.2f %9.2f %9.2f\n", int(name.size()), name.data(), latencies.count(),
                  milliseconds(latencies.percentile(50)), milliseconds(latencies.percentile(99)),
                  milliseconds(latencies.percentile(100)));
}

std::string useRow(std::string_view name, Milliseconds use, double duration)
{
    return format("  %-22.*s %9.2f s of processor, %3.0f %% of a core\n", int(name.size()), name.data(), seconds(use),
                  100 * seconds(use) / duration);
}

std::string phaseTable(const char *title, const Phase &phase)
{
    const LoadResult &load = phase.load;
    std::string text = format("%s: %.0f orders a second, %.0f requests a second\n", title, load.ordersPerSecond(),
                              4 * load.ordersPerSecond());
    text += format("  %-22s %9s %9s %9s %9s\n", "", "count", "p50 ms", "p99 ms", "max ms");
    for (std::size_t i = 0; i < stepNames.size(); ++i)
        text += latencyRow(stepNames[i], load.latencies[i]);
    text += latencyRow("any request", load.all());
    text += latencyRow("change to its message", phase.lags);
    text += format("  %-22s %9lld changes, %lld heard, %lld faults; last one %.2f s after the last answer\n",
                   "messages", static_cast<long long>(phase.changes), static_cast<long long>(phase.messages),
                   static_cast<long long>(phase.messageFaults), seconds(phase.lastMessage));
    text += useRow("generator", phase.use.generator, load.seconds);
    text += useRow("backend", phase.use.backend, load.seconds);
    text += useRow("mosquitto", phase.use.broker, load.seconds);
    for (const auto &[what, count] : load.errors)
        text += format("  ERROR %-16s %9lld times\n", what.c_str(), static_cast<long long>(count));
    return text + '\n';
}

// Whole numbers only: the library writes others as 2.5E1, which nobody likes to read.
json::object latencyJson(const Latencies &latencies)
{
    return {{"count", latencies.count()},
            {"p50Us", latencies.percentile(50).count()},
            {"p99Us", latencies.percentile(99).count()},
            {"maxUs", latencies.percentile(100).count()}};
}

json::object phaseJson(const Phase &phase)
{
    const LoadResult &load = phase.load;
    json::object requests;
    for (std::size_t i = 0; i < stepNames.size(); ++i)
        requests[stepNames[i]] = latencyJson(load.latencies[i]);
    requests["any"] = latencyJson(load.all());
    json::object errors;
    for (const auto &[what, count] : load.errors)
        errors[what] = count;
    return {{"milliseconds", std::llround(load.seconds * 1000)},
            {"ordersPerSecond", std::llround(load.ordersPerSecond())},
            {"requestsPerSecond", std::llround(4 * load.ordersPerSecond())},
            {"latency", std::move(requests)},
            {"outboxLag", latencyJson(phase.lags)},
            {"lastMessageMs", phase.lastMessage.count()},
            {"changes", phase.changes},
            {"messages", phase.messages},
            {"messageFaults", phase.messageFaults},
            {"processorMs", json::object{{"generator", phase.use.generator.count()},
                                         {"backend", phase.use.backend.count()},
                                         {"mosquitto", phase.use.broker.count()}}},
            {"errors", std::move(errors)}};
}

bool isFlawless(const Phase &phase)
{
    return phase.load.errors.empty() && phase.messages == phase.changes && phase.messageFaults == 0;
}

} // namespace

ProcessorUse processorUse(pid_t backend)
{
    ProcessorUse use;
    use.generator = demo::processEntry(::getpid()).processorTime;
    use.backend = demo::processEntry(backend).processorTime;
    for (const demo::ProcessEntry &child : demo::childrenOf(backend)) {
        if (child.name == "mosquitto")
            use.broker = child.processorTime;
    }
    return use;
}

std::string table(const Measurement &measurement)
{
    std::string text = format("%zu visitors, %ld processors; data in %s\n", measurement.visitors,
                              ::sysconf(_SC_NPROCESSORS_ONLN), measurement.folder.c_str());
    text += format("disk alone: %.0f times a second write and fdatasync of 4 KiB\n\n", measurement.commitsPerSecond);
    text += phaseTable("as fast as it goes", measurement.full);
    text += phaseTable("at half of that", measurement.half);
    text += format("whole orders for one commit of the disk: %.2f\n",
                   measurement.full.load.ordersPerSecond() / measurement.commitsPerSecond);
    return text;
}

std::string jsonLine(const Measurement &measurement)
{
    return json::serialize(json::object{{"bench", "orders"},
                                        {"visitors", measurement.visitors},
                                        {"processors", ::sysconf(_SC_NPROCESSORS_ONLN)},
                                        {"diskCommitsPerSecond", std::llround(measurement.commitsPerSecond)},
                                        {"full", phaseJson(measurement.full)},
                                        {"half", phaseJson(measurement.half)},
                                        {"flawless", isFlawless(measurement)}}) +
           '\n';
}

bool isFlawless(const Measurement &measurement)
{
    return isFlawless(measurement.full) && isFlawless(measurement.half);
}

} // namespace brewline::bench
