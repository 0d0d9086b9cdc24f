// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/apibar.h"
#include "http/rawclient.h"
#include "http/server.h"
#include "support/printing.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <QTest>

using namespace brewline;
using namespace brewline::test;
namespace json = boost::json;

namespace {

std::string head(const std::string &line, const std::string &token, std::size_t length)
{
    std::string text = line + " HTTP/1.1\r\nHost: bar\r\n";
    if (!token.empty())
        text += "Authorization: Bearer " + token + "\r\n";
    if (length > 0)
        text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(length) + "\r\n";
    return text + "\r\n";
}

std::string member(const Answer &answer, std::string_view name)
{
    const json::value value = json::parse(answer.body).at(name);
    return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

} // namespace

/// The API behind a real server, on a port of this machine.
class tst_api_served : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ApiBar> m_api;
    std::unique_ptr<http::Server> m_server;
    std::uint16_t m_port = 0;

    static Answer ask(RawClient &client, const std::string &line, const std::string &token = {},
                      const std::string &body = {})
    {
        client.send(head(line, token, body.size()) + body);
        return client.receive(line.starts_with("HEAD"));
    }

    std::string scanOf(const std::string &code) { return json::serialize(json::object{{"code", code}}); }

private Q_SLOTS:
    void init()
    {
        m_api = std::make_unique<ApiBar>();
        m_server = std::make_unique<http::Server>(http::Limits{}, m_api->routes([this](std::function<void()> function) {
            m_server->post(std::move(function));
        }),
                                                  m_api->bar.clock);
        const auto port = m_server->listen("127.0.0.1", 0);
        QVERIFY2(port.has_value(), port ? "" : port.error().detail.c_str());
        m_port = *port;
    }

    void cleanup()
    {
        m_server->stop(std::chrono::seconds(1));
        m_api.reset(); // Answers that the store still gives are posted to the server.
        m_server.reset();
    }

    void aVisitorGetsADrink()
    {
        RawClient phone(m_port);
        const Answer guest = ask(phone, "POST /v1/auth/guest", {}, R"({"event":"ABC","name":"Ada"})");
        QCOMPARE(guest.status, 201);
        const std::string ada = member(guest, "token");
        const Answer order = ask(phone, "POST /v1/events/ABC/orders", ada, scanOf(m_api->bar.code()));
        QCOMPARE(order.status, 201);
        const std::string path = "/v1/orders/" + member(order, "id");
        QCOMPARE(ask(phone, "PUT " + path + "/drink", ada, R"({"item":"latte","options":["oat"]})").status, 200);

        RawClient tablet(m_port);
        const std::string barista = m_api->tokenOf(m_api->enrol(Role::Barista, "Bo"));
        QCOMPARE(ask(tablet, "POST " + path + "/claim", barista).status, 200);
        QCOMPARE(ask(tablet, "POST " + path + "/complete", barista).status, 200);

        const Answer ready = ask(phone, "GET " + path, ada);
        QCOMPARE(member(ready, "state"), std::string("ready"));
        QVERIFY(!ready.field("Date").empty());
        const Answer without = ask(phone, "HEAD " + path, ada);
        QCOMPARE(without.status, 200);
        QCOMPARE(without.field("ETag"), ready.field("ETag"));
        QCOMPARE(ask(phone, "GET /healthz").status, 200);
        QCOMPARE(ask(phone, "GET /v1/me/orders").status, 401);
    }

    void whoHangsUpBeforeTheAnswerHarmsNobody()
    {
        const std::string code = m_api->bar.code();
        for (int i = 0; i < 20; ++i) {
            const std::string token = m_api->tokenOf(m_api->enrol(Role::Customer, "Gone"));
            const std::string body = scanOf(code);
            RawClient client(m_port);
            QVERIFY(client.send(head("POST /v1/events/ABC/orders", token, body.size()) + body));
            client.reset();
        }
        RawClient client(m_port);
        const std::string token = m_api->tokenOf(m_api->enrol(Role::Customer, "Ada"));
        QCOMPARE(ask(client, "POST /v1/events/ABC/orders", token, scanOf(code)).status, 201);
        // Each of those who left has an order and took a token, or neither.
        const json::object event = m_api->get("/v1/events/ABC").json();
        QCOMPARE(event.at("round").at("tokensLeft").as_int64(), 1'000 - event.at("queue").as_int64());
    }
};

QTEST_GUILESS_MAIN(tst_api_served)
#include "tst_api_served.moc"
