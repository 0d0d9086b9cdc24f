// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/migrations.h"

#include "core/logging.h"
#include "storage/connection.h"

#include <QString>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>
#include <system_error>

namespace brewline::storage {

namespace {

using std::filesystem::path;

tl::unexpected<Error> unusable(const path &file, const std::string &why)
{
    return failure(ErrorCode::StorageUnavailable, "The database " + file.string() + " cannot be used: " + why + ".");
}

Result<void> syncPath(const path &target)
{
    const int descriptor = ::open(target.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    const int reason = errno;
    if (descriptor >= 0)
        ::close(descriptor);
    if (!synced)
        return unusable(target, std::generic_category().message(reason));
    return {};
}

/// SQLite gives its log the mode of the database, so this settles all three files.
Result<void> makePrivateFile(const path &file)
{
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return unusable(file, std::generic_category().message(errno));
    const bool isPrivate = ::fchmod(descriptor, 0600) == 0;
    const int reason = errno;
    ::close(descriptor);
    if (!isPrivate)
        return unusable(file, std::generic_category().message(reason));
    return syncPath(file.parent_path());
}

/// The connection that read the version is closed by now, which put the log into the database; and closing any other
/// descriptor of the file while a connection is open would drop SQLite's locks (POSIX locks belong to the process).
Result<void> keepCopy(const path &file, std::size_t newVersion)
{
    path copy = file;
    copy += ".before-" + std::to_string(newVersion);
    std::error_code error;
    // A copy that is there is from a first try, of which this file may be what is left.
    std::filesystem::copy_file(file, copy, std::filesystem::copy_options::skip_existing, error);
    if (error)
        return failure(ErrorCode::StorageUnavailable, "The database could not be copied to " + copy.string() +
                                                          " before its migration: " + error.message() + ".");
    if (auto synced = syncPath(copy); !synced)
        return synced;
    return syncPath(file.parent_path());
}

Result<std::size_t> versionOf(const path &file)
{
    auto connection = Connection::open(file, Connection::Mode::ReadWrite);
    if (!connection)
        return tl::unexpected(connection.error());
    const auto version = (*connection)->number("PRAGMA user_version");
    if (!version)
        return unusable(file, (*connection)->errorText());
    return static_cast<std::size_t>(*version);
}

Result<void> apply(Connection &connection, std::string_view script, std::size_t version, const path &file)
{
    const std::string number = "PRAGMA user_version = " + std::to_string(version);
    if (connection.runScript("BEGIN IMMEDIATE") && connection.runScript(script) && connection.runScript(number) &&
        connection.runScript("COMMIT"))
        return {};
    return unusable(file, "its migration to schema " + std::to_string(version) + " failed (" + connection.errorText() +
                              "), nothing was changed");
}

} // namespace

Result<void> migrate(const path &file, std::span<const std::string_view> migrations)
{
    if (auto made = makePrivateFile(file); !made)
        return made;
    const auto version = versionOf(file);
    if (!version)
        return tl::unexpected(version.error());
    if (*version > migrations.size())
        return failure(ErrorCode::InvalidConfiguration,
                       "The database " + file.string() + " has schema " + std::to_string(*version) +
                           ", but this program knows only " + std::to_string(migrations.size()) +
                           "; use the newer program that made it.");
    if (*version == migrations.size())
        return {};
    if (*version > 0) {
        qCInfo(lcStorage) << "Migrating the database from schema" << *version << "to" << migrations.size();
        if (auto copied = keepCopy(file, migrations.size()); !copied)
            return copied;
    }
    auto connection = Connection::open(file, Connection::Mode::ReadWrite);
    if (!connection)
        return tl::unexpected(connection.error());
    for (std::size_t next = *version; next < migrations.size(); ++next) {
        if (auto applied = apply(**connection, migrations[next], next + 1, file); !applied)
            return applied;
    }
    return {};
}

} // namespace brewline::storage
