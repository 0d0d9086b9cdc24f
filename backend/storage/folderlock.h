// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <filesystem>

namespace brewline::storage {

/// Holds the data folder for one backend: two writing processes would answer from different queues and number orders
/// twice. The lock is the kernel's (flock), so it goes with the process however that ends.
class FolderLock {
public:
    /// Makes \a folder (mode 0700) when it is missing and locks it. InvalidConfiguration when another backend holds it
    /// or it cannot be written.
    static Result<FolderLock> take(const std::filesystem::path &folder);

    FolderLock(FolderLock &&other) noexcept;
    FolderLock &operator=(FolderLock &&) = delete;
    FolderLock(const FolderLock &) = delete;
    FolderLock &operator=(const FolderLock &) = delete;
    ~FolderLock();

private:
    explicit FolderLock(int descriptor);

    int m_descriptor;
};

} // namespace brewline::storage
