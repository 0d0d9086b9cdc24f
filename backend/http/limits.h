// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/time.h"

#include <cstddef>

namespace brewline::http {

/// What one client may ask of the server, so that a slow or hostile one costs the others nothing.
struct Limits {
    std::size_t headerBytes = 16 * 1024; ///< request line and header fields; beyond: 431
    std::size_t bodyBytes = 64 * 1024;   ///< beyond: 413, before any of it is read when Content-Length tells
    Milliseconds headTimeout{10'000};    ///< from a request's first byte to the end of its head; beyond: 408
    Milliseconds bodyTimeout{10'000};    ///< from the head's end to the body's end; beyond: 408
    Milliseconds idleTimeout{60'000};    ///< between two requests of a connection; beyond: closed
    Milliseconds writeTimeout{10'000};   ///< for the client to take an answer; beyond: closed
    Milliseconds answerTimeout{30'000};  ///< for the handler to answer; beyond: 503
    std::size_t connections = 2'000;     ///< at the same time; beyond: 503 at once
    int threads = 2;                     ///< io threads, at least 1; handlers run on them
};

} // namespace brewline::http
