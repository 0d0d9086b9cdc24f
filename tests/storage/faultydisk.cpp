// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faultydisk.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <string_view>

namespace {

std::mutex mutex;
std::condition_variable changed;
bool holding = false;
bool held = false;
std::atomic<int> syncError = 0;
std::atomic<int> writeError = 0;
std::atomic<int> readError = 0;
std::atomic<long> syncCount = 0;

template<typename Function>
Function *following(const char *name)
{
    return reinterpret_cast<Function *>(dlsym(RTLD_NEXT, name));
}

bool isDatabase(int descriptor)
{
    std::array<char, 4096> path{};
    const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
    return ::readlink(link.c_str(), path.data(), path.size() - 1) > 0 && std::strstr(path.data(), "brewline.db");
}

/// The first word of the file that controls a preloaded library.
std::string order()
{
    static const char *const file = std::getenv("BREWLINE_FAULTS");
    if (!file)
        return {};
    std::array<char, 32> word{};
    if (std::FILE *stream = std::fopen(file, "re")) {
        if (std::fscanf(stream, "%31s", word.data()) != 1)
            word[0] = '\0';
        std::fclose(stream);
    }
    return word.data();
}

void waitWhileHeld()
{
    std::unique_lock lock(mutex);
    if (holding) {
        held = true;
        changed.notify_all();
        changed.wait(lock, [] { return !holding; });
    }
    lock.unlock();
    while (order() == "hold-syncs")
        ::usleep(5000); // another process's file tells nobody when it changes
}

int sync(int descriptor, const char *name)
{
    if (isDatabase(descriptor)) {
        ++syncCount;
        waitWhileHeld();
        if (const int error = order() == "fail-syncs" ? EIO : syncError.load()) {
            errno = error;
            return -1;
        }
    }
    return following<int(int)>(name)(descriptor);
}

ssize_t write(int descriptor, const void *bytes, size_t count, off64_t offset, const char *name)
{
    if (isDatabase(descriptor)) {
        if (const int error = order() == "fail-writes" ? ENOSPC : writeError.load()) {
            errno = error;
            return -1;
        }
    }
    return following<ssize_t(int, const void *, size_t, off64_t)>(name)(descriptor, bytes, count, offset);
}

ssize_t read(int descriptor, void *bytes, size_t count, off64_t offset, const char *name)
{
    if (const int error = isDatabase(descriptor) ? readError.load() : 0) {
        errno = error;
        return -1;
    }
    return following<ssize_t(int, void *, size_t, off64_t)>(name)(descriptor, bytes, count, offset);
}

} // namespace

extern "C" {

int fdatasync(int descriptor)
{
    return sync(descriptor, "fdatasync");
}

int fsync(int descriptor)
{
    return sync(descriptor, "fsync");
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset)
{
    return write(descriptor, bytes, count, offset, "pwrite");
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset)
{
    return write(descriptor, bytes, count, offset, "pwrite64");
}

ssize_t pread(int descriptor, void *bytes, size_t count, off_t offset)
{
    return read(descriptor, bytes, count, offset, "pread");
}

ssize_t pread64(int descriptor, void *bytes, size_t count, off64_t offset)
{
    return read(descriptor, bytes, count, offset, "pread64");
}

} // extern "C"

namespace brewline::test::faultydisk {

void holdSyncs()
{
    const std::lock_guard guard(mutex);
    holding = true;
    held = false;
}

bool waitUntilHeld()
{
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(10), [] { return held; });
}

void failSyncs(int error)
{
    syncError = error;
}

void failWrites(int error)
{
    writeError = error;
}

void failReads(int error)
{
    readError = error;
}

void work()
{
    syncError = writeError = readError = 0;
    {
        const std::lock_guard guard(mutex);
        holding = false;
    }
    changed.notify_all();
}

long syncs()
{
    return syncCount;
}

} // namespace brewline::test::faultydisk
