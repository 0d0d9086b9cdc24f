// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <chrono>
#include <future>
#include <memory>

namespace brewline::test {

/// Calls \a start with a completion and waits until that is called. What takes longer than ten seconds is an error.
template<typename T, typename Start>
Result<T> await(Start start)
{
    const auto promise = std::make_shared<std::promise<Result<T>>>();
    auto answer = promise->get_future();
    start([promise](Result<T> result) { promise->set_value(std::move(result)); });
    if (answer.wait_for(std::chrono::seconds(10)) != std::future_status::ready)
        return failure(ErrorCode::Internal, "There was no answer in ten seconds.");
    return answer.get();
}

} // namespace brewline::test
