// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/intrinsicfunctions.h"

#include "workflow/intrinsic.h"

#include <algorithm>
#include <array>
#include <limits>

namespace brewline::workflow {

const IntrinsicFunction *IntrinsicFunction::find(std::string_view name)
{
    constexpr std::size_t any = std::numeric_limits<std::size_t>::max();
    static constexpr auto functions = std::to_array<IntrinsicFunction>({
        {"States.Array", 0, any, intrinsics::array},
        {"States.ArrayContains", 2, 2, intrinsics::arrayContains},
        {"States.ArrayGetItem", 2, 2, intrinsics::arrayGetItem},
        {"States.ArrayLength", 1, 1, intrinsics::arrayLength},
        {"States.ArrayPartition", 2, 2, intrinsics::arrayPartition},
        {"States.ArrayRange", 3, 3, intrinsics::arrayRange},
        {"States.ArrayUnique", 1, 1, intrinsics::arrayUnique},
        {"States.Base64Decode", 1, 1, intrinsics::base64Decode},
        {"States.Base64Encode", 1, 1, intrinsics::base64Encode},
        {"States.Format", 1, any, intrinsics::format},
        {"States.Hash", 2, 2, intrinsics::hash},
        {"States.JsonMerge", 3, 3, intrinsics::jsonMerge},
        {"States.JsonToString", 1, 1, intrinsics::jsonToString},
        {"States.MathAdd", 2, 2, intrinsics::mathAdd},
        {"States.MathRandom", 2, 3, intrinsics::mathRandom},
        {"States.StringSplit", 2, 2, intrinsics::stringSplit},
        {"States.StringToJson", 1, 1, intrinsics::stringToJson},
        {"States.UUID", 0, 0, intrinsics::uuid},
    });
    const auto found = std::ranges::find(functions, name, &IntrinsicFunction::name);
    return found == functions.end() ? nullptr : &*found;
}

} // namespace brewline::workflow
