// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace brewline::storage {

/// Requests on their way from any thread to the one thread that works on them.
template<typename Request>
class RequestQueue {
public:
    enum class Answer { Taken, Full, Closed };

    explicit RequestQueue(std::size_t limit)
        : m_limit(limit)
    {
    }

    /// Takes \a request over when there is room; leaves it untouched otherwise.
    Answer push(Request &request)
    {
        {
            const std::lock_guard guard(m_mutex);
            if (m_closed)
                return Answer::Closed;
            if (m_requests.size() >= m_limit)
                return Answer::Full;
            m_requests.push_back(std::move(request));
        }
        m_arrived.notify_one();
        return Answer::Taken;
    }

    /// Waits for requests and moves up to \a most of them into \a batch; false once closed and empty.
    bool take(std::vector<Request> &batch, std::size_t most)
    {
        batch.clear();
        std::unique_lock lock(m_mutex);
        m_arrived.wait(lock, [this] { return m_closed || !m_requests.empty(); });
        while (!m_requests.empty() && batch.size() < most) {
            batch.push_back(std::move(m_requests.front()));
            m_requests.pop_front();
        }
        return !batch.empty();
    }

    /// Refuses what comes from now on; what waits is still worked on.
    void close()
    {
        {
            const std::lock_guard guard(m_mutex);
            m_closed = true;
        }
        m_arrived.notify_one();
    }

private:
    const std::size_t m_limit;
    std::mutex m_mutex;
    std::condition_variable m_arrived;
    std::deque<Request> m_requests;
    bool m_closed = false;
};

} // namespace brewline::storage
