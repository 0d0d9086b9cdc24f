// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/servedtest.h"

#include <QTest>

#include <stdexcept>

using namespace brewline::http;

namespace brewline::test {

Response text(std::string body)
{
    return {200, "text/plain", std::move(body)};
}

Router ServedTest::routes()
{
    Router router;
    router.add(Method::Get, "/hello", [](const Request &, const Responder &to) { to.send(text("hello")); });
    router.add(Method::Get, "/big",
               [](const Request &, const Responder &to) { to.send(text(std::string(64 * 1024 * 1024, 'b'))); });
    router.add(Method::Get, "/nothing", [](const Request &, const Responder &to) { to.send({204}); });
    router.add(Method::Get, "/later", [this](const Request &, Responder to) { m_shelf->put(std::move(to)); });
    router.add(Method::Post, "/later", [this](const Request &, Responder to) { m_shelf->put(std::move(to)); });
    router.add(Method::Get, "/throws",
               [](const Request &, const Responder &) { throw std::runtime_error("on purpose"); });
    router.add(Method::Get, "/forgets", [](const Request &, const Responder &) {});
    router.add(Method::Get, "/twice", [](const Request &, const Responder &to) {
        to.send(text("first"));
        to.send(text("second"));
    });
    router.add(Method::Get, "/query", [](const Request &request, const Responder &to) {
        to.send(text(std::string(request.queryParameter("q").value_or("none"))));
    });
    router.add(Method::Get, "/peer", [](const Request &request, const Responder &to) {
        to.send(text(request.remoteAddress + (request.loopback ? " here" : " away")));
    });
    router.add(Method::Post, "/echo", [this](Request request, const Responder &to) {
        ++m_echoes;
        Response response = text(std::move(request.body));
        if (const auto trailer = request.header("X-Trailer"))
            response.headers.emplace_back("X-Seen", *trailer);
        to.send(std::move(response));
    });
    return router;
}

void ServedTest::serve(const Limits &limits)
{
    endServer();
    m_shelf = std::make_unique<Shelf>();
    m_echoes = 0;
    m_server = std::make_unique<Server>(limits, routes(), m_clock);
    const auto port = m_server->listen("127.0.0.1", 0);
    QVERIFY2(port.has_value(), port ? "" : port.error().detail.c_str());
    m_port = *port;
}

void ServedTest::endServer()
{
    m_server.reset();
    m_shelf.reset();
}

Answer ServedTest::ask(std::string_view request) const
{
    RawClient client(m_port);
    client.send(request);
    return client.receive();
}

} // namespace brewline::test
