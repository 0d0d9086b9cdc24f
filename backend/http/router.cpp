// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/router.h"

#include "core/logging.h"
#include "http/problem.h"
#include "http/target.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

namespace brewline::http {

namespace {

constexpr std::size_t methodCount = static_cast<std::size_t>(Method::Other);

std::size_t indexOf(Method method)
{
    return static_cast<std::size_t>(method);
}

/// Takes the first segment off \a rest, which begins with a slash.
std::string_view takeSegment(std::string_view &rest)
{
    rest.remove_prefix(1);
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view segment = rest.substr(0, end);
    rest.remove_prefix(end);
    return segment;
}

bool isPlaceholder(std::string_view segment)
{
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

} // namespace

struct Router::Node {
    std::string literal;
    std::vector<std::unique_ptr<Node>> literals;
    std::unique_ptr<Node> placeholder;

    struct Entry {
        Handler handler;
        std::vector<std::string> names;
    };
    std::array<Entry, methodCount> entries;

    [[nodiscard]] bool isRoute() const
    {
        return std::any_of(entries.begin(), entries.end(), [](const Entry &entry) { return bool(entry.handler); });
    }
    [[nodiscard]] const Entry *entryFor(Method method) const
    {
        if (method == Method::Other)
            return nullptr;
        const Entry &own = entries[indexOf(method)];
        if (!own.handler && method == Method::Head)
            return entryFor(Method::Get);
        return own.handler ? &own : nullptr;
    }
    [[nodiscard]] std::string allowed() const
    {
        std::string text;
        for (const Method method :
             {Method::Get, Method::Head, Method::Post, Method::Put, Method::Patch, Method::Delete})
            if (entryFor(method))
                text.append(name(method)).append(", ");
        return text.append(name(Method::Options));
    }
};

struct Router::Search {
    std::vector<std::string> values; ///< decoded segments taken by placeholders on the way
    const Node *found = nullptr;
    std::optional<Error> error;
};

Router::Router()
    : m_root(std::make_unique<Node>())
{
}

Router::~Router() = default;
Router::Router(Router &&) noexcept = default;
Router &Router::operator=(Router &&) noexcept = default;

void Router::add(Method method, std::string_view pattern, Handler handler)
{
    const std::string text(pattern);
    if (text.empty() || text.front() != '/' || method == Method::Other || !handler)
        qFatal("http: the route \"%s\" is malformed", text.c_str());
    Node *node = m_root.get();
    std::vector<std::string> names;
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view segment = takeSegment(rest);
        if (isPlaceholder(segment)) {
            names.emplace_back(segment.substr(1, segment.size() - 2));
            if (!node->placeholder)
                node->placeholder = std::make_unique<Node>();
            node = node->placeholder.get();
            continue;
        }
        auto known = std::find_if(node->literals.begin(), node->literals.end(),
                                  [&](const auto &child) { return child->literal == segment; });
        if (known == node->literals.end()) {
            node->literals.push_back(std::make_unique<Node>());
            node->literals.back()->literal = segment;
            known = std::prev(node->literals.end());
        }
        node = known->get();
    }
    Node::Entry &entry = node->entries[indexOf(method)];
    if (entry.handler)
        qFatal("http: the route \"%s\" is there twice", text.c_str());
    entry = {std::move(handler), std::move(names)};
}

void Router::find(const Node &node, std::string_view rest, Search &search)
{
    if (rest.empty()) {
        if (node.isRoute())
            search.found = &node;
        return;
    }
    auto segment = percentDecoded(takeSegment(rest));
    if (!segment) {
        search.error = std::move(segment.error());
        return;
    }
    for (const auto &child : node.literals) {
        if (child->literal == *segment) {
            find(*child, rest, search);
            break;
        }
    }
    if (search.found || search.error || !node.placeholder || segment->empty())
        return;
    search.values.push_back(std::move(*segment));
    find(*node.placeholder, rest, search);
    if (!search.found)
        search.values.pop_back();
}

void Router::serve(Request request, Responder responder) const
{
    if (request.path == "*" && request.method == Method::Options)
        return responder.send({204, {}, {}, {{"Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"}}});
    if (request.path.empty() || request.path.front() != '/')
        return responder.send(problem({ErrorCode::MalformedRequest, "The address must begin with a slash."}));

    // The whole path must be readable, whether or not a route would look at all of it.
    Search search;
    if (auto whole = percentDecoded(request.path); !whole)
        return responder.send(problem(whole.error()));
    find(*m_root, request.path, search);
    if (search.error)
        return responder.send(problem(*search.error));
    if (!search.found)
        return responder.send(problem({ErrorCode::NotFound, "There is nothing at this address."}));

    const Node::Entry *entry = search.found->entryFor(request.method);
    if (!entry && request.method == Method::Options)
        return responder.send({204, {}, {}, {{"Allow", search.found->allowed()}}});
    if (!entry) {
        const std::string allowed = search.found->allowed();
        Response refusal = problem({ErrorCode::MethodNotAllowed, "Methods allowed here: " + allowed + "."});
        refusal.headers.emplace_back("Allow", allowed);
        return responder.send(std::move(refusal));
    }
    for (std::size_t i = 0; i < entry->names.size(); ++i)
        request.pathParameters.emplace_back(entry->names[i], std::move(search.values[i]));

    try {
        entry->handler(std::move(request), responder);
    } catch (const std::exception &exception) {
        qCCritical(lcHttp, "A handler failed: %s", exception.what());
        responder.send(problem({ErrorCode::Internal, "The request could not be served; the log tells why."}));
    } catch (...) {
        qCCritical(lcHttp, "A handler failed without saying why");
        responder.send(problem({ErrorCode::Internal, "The request could not be served; the log tells why."}));
    }
}

} // namespace brewline::http
