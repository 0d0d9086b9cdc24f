// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "http/request.h"
#include "http/responder.h"

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace brewline::http {

/// Answers one request, now or later, from any thread. It is called on an io thread and must not block.
using Handler = std::function<void(Request, Responder)>;

/// Knows which handler serves which request. Filled once, then only read: serve() may be called from several threads.
class Router {
public:
    Router();
    ~Router();
    Router(Router &&) noexcept;
    Router &operator=(Router &&) noexcept;

    /// \a pattern is a path whose segments are literal or a placeholder for one segment: "/v1/orders/{id}/claim".
    /// Literal segments go before placeholders. A pattern that is malformed or already there ends the program, since
    /// only a mistake in the source leads there.
    void add(Method method, std::string_view pattern, Handler handler);

    /// Finds the handler and lets it answer. Answers by itself: 404 for an unknown path, 405 with Allow for a method
    /// that the path does not have, OPTIONS, HEAD by the handler for GET (the server leaves the body out), 400 for a
    /// path that cannot be decoded, 500 when the handler throws.
    void serve(Request request, Responder responder) const;

private:
    struct Node;
    struct Search;
    static void find(const Node &node, std::string_view rest, Search &search);

    std::unique_ptr<Node> m_root;
};

} // namespace brewline::http
