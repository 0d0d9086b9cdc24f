// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/folderlock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace brewline::storage {

namespace {

Result<void> makeFolder(const std::filesystem::path &folder)
{
    std::error_code error;
    if (std::filesystem::is_directory(folder, error))
        return {};
    if (folder.has_parent_path())
        std::filesystem::create_directories(folder.parent_path(), error);
    if (!error && ::mkdir(folder.c_str(), 0700) != 0)
        error.assign(errno, std::generic_category());
    if (error)
        return failure(ErrorCode::InvalidConfiguration,
                       "The data folder " + folder.string() + " cannot be made: " + error.message() + ".");
    return {};
}

} // namespace

Result<FolderLock> FolderLock::take(const std::filesystem::path &folder)
{
    if (auto made = makeFolder(folder); !made)
        return tl::unexpected(made.error());
    const auto file = folder / "lock";
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return failure(ErrorCode::InvalidConfiguration, "The data folder " + folder.string() + " cannot be written: " +
                                                            std::generic_category().message(errno) + ".");
    FolderLock lock(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return failure(ErrorCode::InvalidConfiguration, "The data folder " + folder.string() +
                                                                " is in use by another backend; stop that one or "
                                                                "choose another folder.");
        return failure(ErrorCode::InvalidConfiguration, "The data folder " + folder.string() + " cannot be locked: " +
                                                            std::generic_category().message(errno) + ".");
    }
    return lock;
}

FolderLock::FolderLock(int descriptor)
    : m_descriptor(descriptor)
{
}

FolderLock::FolderLock(FolderLock &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

FolderLock::~FolderLock()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

} // namespace brewline::storage
