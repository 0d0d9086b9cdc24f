// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/commitrate.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

namespace brewline::bench {

namespace {

constexpr std::size_t blockBytes = 4096;
constexpr off_t fileBlocks = 1024;

} // namespace

Result<double> commitRate(const std::string &folder, Milliseconds duration)
{
    const std::string name = folder + "/commit-rate";
    const int file = ::open(name.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0)
        return failure(ErrorCode::StorageUnavailable, name + ": " + std::strerror(errno));
    ::unlink(name.c_str());
    std::array<char, blockBytes> block;
    block.fill('x');
    for (off_t i = 0; i < fileBlocks; ++i) {
        if (::pwrite(file, block.data(), block.size(), i * off_t(blockBytes)) < 0)
            break;
    }
    ::fsync(file);

    const auto begin = std::chrono::steady_clock::now();
    auto end = begin;
    long commits = 0;
    bool good = true;
    for (; good && end - begin < duration; end = std::chrono::steady_clock::now()) {
        const off_t place = commits % fileBlocks * off_t(blockBytes);
        good = ::pwrite(file, block.data(), block.size(), place) == ssize_t(block.size()) && ::fdatasync(file) == 0;
        ++commits;
    }
    ::close(file);
    if (!good)
        return failure(ErrorCode::StorageUnavailable, folder + " cannot be written to.");
    return double(commits) / std::chrono::duration<double>(end - begin).count();
}

} // namespace brewline::bench
