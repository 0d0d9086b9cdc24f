// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "e2e/crowd.h"

#include <boost/json/array.hpp>

#include <chrono>

namespace brewline::e2e {

namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

constexpr int created = 201;
constexpr int done = 200;
constexpr int conflict = 409;
constexpr int unavailable = 503;
constexpr std::uint16_t nowhere = 1;

} // namespace

/// One thread's visitor, with the hands of a barista.
class Crowd::Visitor {
public:
    Visitor(Crowd &crowd, std::string name)
        : m_crowd(crowd)
        , m_name(std::move(name))
        , m_client(0)
    {
    }

    void run()
    {
        m_token = enter("ABC");
        while (!isClosing()) {
            driveOrder();
            if (!m_limitedIsGone)
                tryLimitedCode();
        }
    }

private:
    bool isClosing() const
    {
        const std::lock_guard lock(m_crowd.m_mutex);
        return m_crowd.m_closing;
    }

    /// Sends until there is an answer other than "not now", or everybody has to leave.
    Answer insist(const std::string &token, std::string_view method, const std::string &path, const json::value &body,
                  const std::string &key = {})
    {
        for (;;) {
            m_client.setToken(token);
            const Answer answer = method == "PUT" ? m_client.put(path, body) : m_client.post(path, body, key);
            if (answer.status != 0 && answer.status != unavailable) {
                m_crowd.note([](Knowledge &knowledge) { ++knowledge.requests; });
                return answer;
            }
            m_port = m_crowd.portAfter(m_port);
            if (m_port == nowhere)
                return {};
            m_client.moveTo(m_port);
        }
    }

    std::string enter(const std::string &event)
    {
        const json::object body{{"event", event}, {"name", m_name}};
        return textOf(insist({}, "POST", "/v1/auth/guest", body).json(), "token");
    }

    void driveOrder()
    {
        const std::string key = m_name + '-' + std::to_string(++m_scans);
        const Answer scanned =
            insist(m_token, "POST", "/v1/events/ABC/orders", json::object{{"code", m_crowd.m_entrance.code}}, key);
        if (!isExpected(scanned, created, "scan"))
            return;
        m_crowd.note([&](Knowledge &knowledge) { knowledge.scans.insert(key); });
        const std::string path = "/v1/orders/" + textOf(scanned.json(), "id");
        const json::object drink{{"item", "latte"}, {"options", json::array{"oat"}}, {"name", m_name}};
        isExpected(insist(m_token, "PUT", path + "/drink", drink), done, "drink");
        for (const char *step : {"claim", "complete"})
            isExpected(insist(m_crowd.m_entrance.baristaToken, "POST", path + '/' + step, {}), done, step);
    }

    /// Each try is another guest, as one who has an open order gets no second.
    void tryLimitedCode()
    {
        const Answer scanned = insist(enter("FEW"), "POST", "/v1/events/FEW/orders",
                                      json::object{{"code", m_crowd.m_entrance.limitedCode}}, m_name);
        m_limitedIsGone = scanned.status == conflict && scanned.problem() == "no-tokens-left";
        if (!m_limitedIsGone && isExpected(scanned, created, "scan of the limited code"))
            m_crowd.note([](Knowledge &knowledge) { ++knowledge.limitedOrders; });
    }

    bool isExpected(const Answer &answer, int status, const std::string &step)
    {
        const json::object order = answer.json();
        m_crowd.note([&](Knowledge &knowledge) {
            if (answer.status != status)
                knowledge.faults.push_back(step + ": " + std::to_string(answer.status) + ' ' + answer.body);
            else
                knowledge.orders[textOf(order, "id")] = {textOf(order, "state"), numberOf(order, "sequence"),
                                                         numberOf(order, "number")};
        });
        return answer.status == status;
    }

    Crowd &m_crowd;
    std::string m_name;
    std::string m_token;
    HttpClient m_client;
    std::uint16_t m_port = 0;
    int m_scans = 0;
    bool m_limitedIsGone = false;
};

Crowd::Crowd(int visitors, Entrance entrance)
    : m_entrance(std::move(entrance))
{
    for (int i = 0; i < visitors; ++i)
        m_threads.emplace_back([this, i] { Visitor(*this, "visitor-" + std::to_string(i)).run(); });
}

Crowd::~Crowd()
{
    close(true);
}

void Crowd::moveTo(std::uint16_t port)
{
    const std::lock_guard lock(m_mutex);
    m_port = port;
    m_moved.notify_all();
}

void Crowd::finish()
{
    close(false);
}

void Crowd::close(bool atOnce)
{
    {
        const std::lock_guard lock(m_mutex);
        m_closing = true;
        m_closed = atOnce;
    }
    m_moved.notify_all();
    m_threads.clear();
}

/// Where the backend serves after \a failed gave no answer. A moment later the same port may be worth another try.
std::uint16_t Crowd::portAfter(std::uint16_t failed)
{
    std::unique_lock lock(m_mutex);
    m_moved.wait_for(lock, 50ms, [&] { return m_port != failed || m_closed; });
    return m_closed ? nowhere : m_port;
}

void Crowd::note(const std::function<void(Knowledge &)> &what)
{
    const std::lock_guard lock(m_mutex);
    what(m_knowledge);
}

Knowledge Crowd::knowledge() const
{
    const std::lock_guard lock(m_mutex);
    return m_knowledge;
}

} // namespace brewline::e2e
