// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflow/problem.h"

#include <boost/json/value.hpp>

#include <span>

namespace brewline::workflow {

class Supplier;

/// The intrinsic functions. Their number of arguments has been checked; arguments of a wrong type or out of range give
/// States.IntrinsicFailure.
namespace intrinsics {

using Arguments = std::span<const boost::json::value>;
using Value = Outcome<boost::json::value>;

Value array(Arguments arguments, Supplier &);
Value arrayContains(Arguments arguments, Supplier &);
Value arrayGetItem(Arguments arguments, Supplier &);
Value arrayLength(Arguments arguments, Supplier &);
Value arrayPartition(Arguments arguments, Supplier &);
Value arrayRange(Arguments arguments, Supplier &);
Value arrayUnique(Arguments arguments, Supplier &);
Value base64Decode(Arguments arguments, Supplier &);
Value base64Encode(Arguments arguments, Supplier &);
Value format(Arguments arguments, Supplier &);
Value hash(Arguments arguments, Supplier &);
Value jsonMerge(Arguments arguments, Supplier &);
Value jsonToString(Arguments arguments, Supplier &);
Value mathAdd(Arguments arguments, Supplier &);
Value mathRandom(Arguments arguments, Supplier &supplier);
Value stringSplit(Arguments arguments, Supplier &);
Value stringToJson(Arguments arguments, Supplier &);
Value uuid(Arguments arguments, Supplier &supplier);

} // namespace intrinsics

} // namespace brewline::workflow
