// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "application/records.h"
#include "domain/codebucket.h"
#include "domain/event.h"
#include "domain/menu.h"
#include "domain/order.h"
#include "storage/session.h"

#include <string>
#include <string_view>
#include <vector>

/// How values stand in rows: one function a kind, in the order of columns of the statements in sql.h.
namespace brewline::storage {

domain::Order orderFrom(const Rows &row);
domain::CodeBucket bucketFrom(const Rows &row);
application::WaitRecord waitFrom(const Rows &row);
application::OutboxRecord outboxFrom(const Rows &row);

/// Choices of a drink as a JSON array.
std::string optionsText(const std::vector<std::string> &options);

/// The word that a message's kind is kept as.
std::string_view toText(application::OutboxKind kind);

/// The role that the word stands for; Customer, which may do least, for a word that is not known.
Role storedRole(const std::string &word);

} // namespace brewline::storage
