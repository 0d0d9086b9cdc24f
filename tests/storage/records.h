// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "application/store.h"

#include <string>

/// Values as they look in real life, for tests and the benchmark of the store.
namespace brewline::test {

inline const EventId booth{"ABC"};
inline constexpr Timestamp morning = timestampFromMilliseconds(1'790'000'000'000);

/// An id in the form of a UUIDv7 that rises with \a number; \a kind keeps ids of different things apart.
std::string idText(char kind, int number);

domain::Order newOrder(int number);
domain::CodeBucket newBucket(int number, int tokens);
application::ExecutionRecord newExecution(int number);
application::WaitRecord newWait(int number, const std::string &purpose);
application::OutboxRecord newMessage(const domain::Order &order);

/// The four commands of a whole order, with rows as long as those of the order processor.
application::Store::Command scan(int number);
application::Store::Command submit(int number);
application::Store::Command claim(int number);
application::Store::Command complete(int number);

} // namespace brewline::test
