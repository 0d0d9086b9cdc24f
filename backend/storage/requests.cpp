// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/requests.h"

#include "core/logging.h"

#include <exception>
#include <utility>

namespace brewline::storage {

namespace {

template<typename Function>
void guarded(const Function &function)
{
    try {
        function();
    } catch (const std::exception &exception) {
        qCCritical(lcStorage) << "A completion threw:" << exception.what();
    } catch (...) {
        qCCritical(lcStorage) << "A completion threw something that is no exception";
    }
}

} // namespace

void answer(const application::Store::Completion &completion, std::optional<Error> error)
{
    if (completion)
        guarded([&] { completion(std::move(error)); });
}

void tell(const std::function<void()> &notice)
{
    if (notice)
        guarded(notice);
}

Error unavailable()
{
    return {ErrorCode::StorageUnavailable,
            "The database cannot be used at the moment; nothing was changed. Try again."};
}

Error outcomeUnknown()
{
    return {ErrorCode::OutcomeUnknown,
            "It is not known whether the change was kept; repeat the request with the same Idempotency-Key."};
}

Error internalError()
{
    return {ErrorCode::Internal, "The request met an error inside the backend; nothing was changed."};
}

Error busy()
{
    return {ErrorCode::Busy, "Too many requests are waiting; try again in a moment."};
}

Error closing()
{
    return {ErrorCode::StorageUnavailable, "The backend is stopping; nothing was changed."};
}

} // namespace brewline::storage
