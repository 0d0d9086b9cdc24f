// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/responder.h"

#include "http/problem.h"

#include <atomic>
#include <utility>

namespace brewline::http {

class Responder::Exchange {
public:
    explicit Exchange(Sink sink)
        : m_sink(std::move(sink))
    {
    }
    ~Exchange()
    {
        if (!m_answered)
            m_sink(problem(Error{ErrorCode::Internal, "The request was left without an answer."}));
    }
    Exchange(const Exchange &) = delete;
    Exchange &operator=(const Exchange &) = delete;

    void answer(Response response)
    {
        if (!m_answered.exchange(true))
            m_sink(std::move(response));
    }
    [[nodiscard]] bool isAnswered() const { return m_answered; }

private:
    std::atomic<bool> m_answered = false;
    Sink m_sink;
};

Responder::Responder(Sink sink)
    : m_exchange(std::make_shared<Exchange>(std::move(sink)))
{
}

void Responder::send(Response response) const
{
    if (m_exchange)
        m_exchange->answer(std::move(response));
}

bool Responder::isAnswered() const
{
    return !m_exchange || m_exchange->isAnswered();
}

} // namespace brewline::http
