// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/time.h"

#include <string>

namespace brewline::bench {

/// How many times a second 4 KiB written to a file in \a folder can be made durable (write and fdatasync, one after
/// the other, overwriting 4 MiB in turn as a write-ahead log does): what the disk allows without group commit.
Result<double> commitRate(const std::string &folder, Milliseconds duration);

} // namespace brewline::bench
