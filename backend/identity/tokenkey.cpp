// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "identity/tokenkey.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace brewline::identity {

namespace {

class Descriptor {
public:
    explicit Descriptor(int fd)
        : m_fd(fd)
    {
    }
    ~Descriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    [[nodiscard]] int get() const { return m_fd; }

private:
    int m_fd;
};

tl::unexpected<Error> problem(const std::string &path, const std::string &what)
{
    return failure(ErrorCode::InvalidConfiguration, "The token key " + path + ' ' + what);
}

Result<TokenKey> read(const std::string &path, int fd)
{
    struct stat status {};
    if (fstat(fd, &status) != 0)
        return problem(path, std::string("cannot be read: ") + std::strerror(errno) + '.');
    if ((status.st_mode & 077) != 0)
        return problem(path, "can be read by others; make it private with \"chmod 600\".");
    TokenKey key{};
    if (status.st_size != off_t(key.size()) || ::read(fd, key.data(), key.size()) != ssize_t(key.size()))
        return problem(path, "does not hold 32 bytes; remove it to have a new one made (all tokens end then).");
    return key;
}

} // namespace

Result<TokenKey> loadOrMakeTokenKey(const std::string &path, Random &random)
{
    if (const Descriptor existing(::open(path.c_str(), O_RDONLY | O_CLOEXEC)); existing.get() >= 0)
        return read(path, existing.get());
    if (errno != ENOENT)
        return problem(path, std::string("cannot be read: ") + std::strerror(errno) + '.');
    // Written beside and renamed, so that a crash never leaves half a key.
    const std::string partial = path + ".new";
    ::unlink(partial.c_str()); // What a crash left keeps its mode when it is opened again.
    const Descriptor made(::open(partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    const TokenKey key = random.bytes<32>();
    const bool written = made.get() >= 0 && ::write(made.get(), key.data(), key.size()) == ssize_t(key.size()) &&
                         ::fsync(made.get()) == 0 && ::rename(partial.c_str(), path.c_str()) == 0;
    if (!written)
        return problem(path, std::string("cannot be made: ") + std::strerror(errno) + '.');
    return key;
}

} // namespace brewline::identity
