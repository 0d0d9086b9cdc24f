// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <filesystem>
#include <span>
#include <string_view>

namespace brewline::storage {

/// The scripts that this program was built with; applying the first n of them makes schema version n.
std::span<const std::string_view> shippedMigrations();

/// Brings the database \a file (made when missing, mode 0600) to the schema that \a migrations describe. A database of
/// an older schema is copied to "<file>.before-<new version>" first; one of a newer schema is refused with
/// InvalidConfiguration and left as it is. No connection to the file may be open in this process, and the folder's lock
/// must be held.
Result<void> migrate(const std::filesystem::path &file,
                     std::span<const std::string_view> migrations = shippedMigrations());

} // namespace brewline::storage
