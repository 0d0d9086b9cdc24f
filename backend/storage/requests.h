// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "application/store.h"
#include "core/error.h"

#include <optional>

namespace brewline::storage {

struct WriteRequest {
    application::Store::Command command;
    application::Store::Completion completion;
};

struct ReadRequest {
    application::Store::Query query;
    application::Store::Completion completion;
};

/// Calls \a completion. One that throws breaks its contract; that is logged, since the thread has others to serve.
void answer(const application::Store::Completion &completion, std::optional<Error> error);

/// Calls \a notice, if there is one, with the same care.
void tell(const std::function<void()> &notice);

Error unavailable();
Error outcomeUnknown();
Error internalError();
Error busy();
Error closing();

} // namespace brewline::storage
