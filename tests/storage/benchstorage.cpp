// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// How many whole orders (scan, drink, claim, complete) a second the store keeps, beside what the disk itself can sync.
// Usage: brewline-bench-storage [seconds-per-figure] [folder-for-the-database]

#include "records.h"

#include "core/clock.h"
#include "storage/sqlitestore.h"

#include <QCoreApplication>
#include <QTemporaryDir>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <string>
#include <vector>

namespace {

using namespace brewline;
using Stopwatch = std::chrono::steady_clock;

double secondsSince(Stopwatch::time_point start)
{
    return std::chrono::duration<double>(Stopwatch::now() - start).count();
}

double processorSeconds()
{
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

/// Writes of 4 KiB, each synced, a second.
double rawCommits(const std::filesystem::path &folder, double seconds)
{
    const auto file = folder / "raw";
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const std::array<char, 4096> page{};
    long commits = 0;
    const auto start = Stopwatch::now();
    while (descriptor >= 0 && secondsSince(start) < seconds) {
        const auto offset = static_cast<off_t>(page.size()) * (commits % 1024);
        if (::pwrite(descriptor, page.data(), page.size(), offset) != static_cast<ssize_t>(page.size()) ||
            ::fdatasync(descriptor) != 0)
            break;
        ++commits;
    }
    ::close(descriptor);
    return static_cast<double>(commits) / secondsSince(start);
}

struct Figure {
    double ordersPerSecond = 0;
    double processorMicroseconds = 0; ///< per whole order
    int failed = 0;
};

/// Keeps \a concurrent commands under way, one round of them after the other.
Figure wholeOrders(const std::filesystem::path &folder, std::size_t concurrent, double seconds)
{
    const SystemClock clock;
    auto store = storage::SqliteStore::open({.folder = folder, .clock = clock, .batchLimit = concurrent});
    if (!store) {
        std::fprintf(stderr, "%s\n", store.error().detail.c_str());
        std::exit(1);
    }
    Figure figure;
    const auto round = [&](const std::vector<application::Store::Command> &commands) {
        std::promise<void> allAnswered;
        std::size_t open = commands.size();
        for (const auto &command : commands) {
            (*store)->write(command, [&](std::optional<Error> error) {
                figure.failed += error ? 1 : 0;
                if (--open == 0)
                    allAnswered.set_value();
            });
        }
        allAnswered.get_future().wait();
    };
    round({[](application::Transaction &transaction) {
        transaction.insertBucket(test::newBucket(0, 1'000'000'000));
        return application::Verdict::Commit;
    }});
    int orders = 0;
    const auto start = Stopwatch::now();
    const double processorStart = processorSeconds();
    while (secondsSince(start) < seconds) {
        for (const auto step : {test::scan, test::submit, test::claim, test::complete}) {
            std::vector<application::Store::Command> commands;
            for (std::size_t i = 0; i < concurrent; ++i)
                commands.push_back(step(orders + static_cast<int>(i)));
            round(commands);
        }
        orders += static_cast<int>(concurrent);
    }
    figure.ordersPerSecond = orders / secondsSince(start);
    figure.processorMicroseconds = (processorSeconds() - processorStart) * 1e6 / orders;
    return figure;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const double seconds = argc > 1 ? std::atof(argv[1]) : 3;
    const std::filesystem::path parent = argc > 2 ? argv[2] : std::filesystem::temp_directory_path();
    const QTemporaryDir temporary(QString::fromStdString((parent / "brewline-bench-XXXXXX").string()));
    const std::filesystem::path folder = temporary.path().toStdString();

    const double raw = rawCommits(folder, seconds);
    const Figure single = wholeOrders(folder / "single", 1, seconds);
    const Figure batched = wholeOrders(folder / "batched", 32, seconds);

    std::printf("%-44s %12s %18s\n", "", "a second", "processor us each");
    std::printf("%-44s %12.0f\n", "disk: write and fdatasync of 4 KiB", raw);
    std::printf("%-44s %12.0f %18.0f\n", "whole orders, one command a commit", single.ordersPerSecond,
                single.processorMicroseconds);
    std::printf("%-44s %12.0f %18.0f\n", "whole orders, 32 commands a commit", batched.ordersPerSecond,
                batched.processorMicroseconds);
    std::printf("{\"bench\":\"storage\",\"rawCommitsPerSecond\":%.0f,\"ordersPerSecondSingle\":%.0f,"
                "\"ordersPerSecondBatched\":%.0f,\"processorMicrosecondsPerOrder\":%.0f}\n",
                raw, single.ordersPerSecond, batched.ordersPerSecond, batched.processorMicroseconds);
    return single.failed + batched.failed == 0 ? 0 : 1;
}
